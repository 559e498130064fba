using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Sandbox;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>Asks a language model and streams what it says.</summary>
internal sealed class LlmNode(ModelRuntime models, PromptFiles files, IJinjaRenderer jinja) : INode
{
    private const string TextOutput = "text";

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(LlmSettings.Read);
        var model = await settings.Model.GetAsync(models, run, [], stop);
        var parameters = CompletionParameters.Resolve(settings.Model.CompletionParams, run.Variables);
        var options = model.CreateOptions(parameters);
        var asked = await PrepareAsync(settings, run, model, parameters, options, stop);
        if (asked.Resources.Count > 0)
        {
            yield return NodeOutput.Found(asked.Resources);
        }

        var processData = PromptLog.ProcessData(settings.Model, model, asked.Messages);
        var splitter = settings.SeparatesReasoning ? new ThinkSplitter() : null;
        var saidText = "";
        await using var answer = new ModelAnswer(model.Client, asked.Messages, options, asked.Inputs, processData);
        while (await answer.MoveNextAsync(stop))
        {
            splitter?.Push(answer.Current);
            var thought = splitter is null ? "" : answer.CurrentThought + splitter.Thought;
            if (thought.Length > 0)
            {
                yield return NodeOutput.Reasoning(thought);
            }

            var piece = splitter is null ? answer.Current : splitter.Text;
            if (piece.Length > 0)
            {
                saidText = "";
                yield return NodeOutput.Piece(TextOutput, piece);
            }
        }

        if (splitter is not null)
        {
            splitter.Finish();
            saidText = splitter.Text;
            if (splitter.AllThoughts.Length > 0 || answer.Reasoning.Length > 0)
            {
                yield return NodeOutput.Reasoning(splitter.Thought, isFinal: true);
            }
        }

        yield return NodeOutput.Piece(TextOutput, saidText, isFinal: true);
        yield return NodeOutput.End(Result(settings, model, asked, processData, answer, splitter));
    }

    private async ValueTask<LlmMessages> PrepareAsync(
        LlmSettings settings, NodeRun run, ChatModel model, JsonObject parameters, ChatOptions options, CancellationToken stop)
    {
        var asked = new LlmMessages(settings, run, jinja, files);
        try
        {
            await asked.BuildAsync(model, CompletionParameters.MaxTokens(parameters), stop);
            if (settings.IsStructured)
            {
                StructuredOutput.Ask(settings, model, asked, options);
            }

            return asked;
        }
        catch (NodeFailedException problem)
        {
            throw new NodeFailedException(problem.Message, problem.Type, problem.Code, problem) { Inputs = asked.Inputs };
        }
    }

    private static NodeResult Result(
        LlmSettings settings, ChatModel model, LlmMessages asked, JsonObject processData, ModelAnswer answer, ThinkSplitter? splitter)
    {
        var usage = PromptLog.Measure(model, asked.Messages, answer);
        processData["usage"] = PromptLog.Usage(usage);
        processData["finish_reason"] = answer.FinishReason;
        var outputs = new JsonObject
        {
            [TextOutput] = splitter?.AllText.Trim() ?? answer.Text,
            ["reasoning_content"] = splitter is { AllThoughts: { Length: > 0 } thoughts } ? answer.Reasoning + thoughts : answer.Reasoning,
            ["usage"] = PromptLog.Usage(usage),
            ["finish_reason"] = answer.FinishReason,
        };
        if (settings.IsStructured)
        {
            try
            {
                outputs["structured_output"] = StructuredOutput.Read(answer.Text);
            }
            catch (NodeFailedException problem)
            {
                throw new NodeFailedException(problem.Message, problem.Type, problem.Code, problem)
                {
                    Inputs = asked.Inputs,
                    ProcessData = processData,
                };
            }
        }

        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = asked.Inputs,
            ProcessData = processData,
            Outputs = outputs,
            Metadata = PromptLog.Metadata(usage),
        };
    }
}
