using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.QuestionClassifier;

/// <summary>Lets a model choose one of several branches for a question.</summary>
internal sealed class QuestionClassifierNode(ModelRuntime models, PromptFiles files) : INode
{
    /// <summary>Tokens of the fixed part of the prompt, generously.</summary>
    private const int PromptOverhead = 700;

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(ClassifierSettings.Read);
        run.Variables.TryGet(settings.QuerySelector, out var query);
        var inputs = new JsonObject { ["query"] = query?.DeepClone() };
        if (settings.Classes.Count == 0)
        {
            throw new NodeFailedException($"The node '{run.Node.Title}' has no classes. Open it and add at least two.") { Inputs = inputs };
        }

        var model = await settings.Model.GetAsync(models, run, inputs, stop);
        var classes = settings.Classes.Select(one => (one.Id, Name: one.Name.Render(run.Variables))).ToList();
        var question = ClassifierPrompt.Question(
            VariableText.Render(query, RenderMode.Text), classes, settings.Instruction.Render(run.Variables));
        var parameters = CompletionParameters.Resolve(settings.Model.CompletionParams, run.Variables);
        var used = PromptMemory.Tokens(question) + PromptOverhead + CompletionParameters.MaxTokens(parameters);
        var history = settings.Memory?.Fitting(run, model.Descriptor.ContextSize, used) ?? [];
        var messages = ClassifierPrompt.Write(settings.Model.IsCompletion, question, settings.Memory?.ToText(history) ?? "");
        await files.AttachAsync(messages, settings.Vision, run, model, stop);
        var processData = PromptLog.ProcessData(settings.Model, model, messages);

        await using var answer = new ModelAnswer(model.Client, messages, model.CreateOptions(parameters), inputs, processData);
        await answer.ReadToEndAsync(stop);
        var usage = PromptLog.Measure(model, messages, answer);
        processData["usage"] = PromptLog.Usage(usage);
        processData["finish_reason"] = answer.FinishReason;
        var chosen = Choose(answer.Text, classes, inputs, processData);
        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = inputs,
            ProcessData = processData,
            Outputs = new JsonObject
            {
                ["class_name"] = classes[chosen].Name,
                ["class_label"] = settings.Classes[chosen].Label,
                ["class_id"] = classes[chosen].Id,
                ["usage"] = PromptLog.Usage(usage),
            },
            EdgeSourceHandle = classes[chosen].Id,
            Metadata = PromptLog.Metadata(usage),
        });
    }

    /// <summary>The class that the answer names by id; the first when it names none that exists.</summary>
    /// <exception cref="NodeFailedException">The answer is no JSON.</exception>
    private static int Choose(string answer, List<(string Id, string Name)> classes, JsonObject inputs, JsonObject processData)
    {
        JsonObject found;
        try
        {
            found = AnswerJson.Block(AnswerJson.WithoutThinking(answer));
        }
        catch (FormatException problem)
        {
            throw new NodeFailedException(problem.Message, "OutputParserError", cause: problem) { Inputs = inputs, ProcessData = processData };
        }

        if (!found.ContainsKey("category_name") || found["category_id"] is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return 0;
        }

        var id = value.GetValue<string>();
        return Math.Max(0, classes.FindIndex(one => one.Id == id));
    }
}
