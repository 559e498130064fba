using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.ParameterExtractor;

/// <summary>
/// Lets a model take values out of a text. What the model says never fails the node: <c>__is_success</c> and
/// <c>__reason</c> tell, and the values are those of the declared types.
/// </summary>
internal sealed class ParameterExtractorNode(ModelRuntime models, PromptFiles files, TimeProvider time) : INode
{
    private const int PromptOverhead = 700;
    private const string NothingFound = "Failed to extract result from function call or text response, using empty result.";

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(ExtractorSettings.Read);
        var query = run.Variables.TryGet(settings.QuerySelector, out var value) ? VariableText.Render(value, RenderMode.Text) : "";
        var instruction = settings.Instruction.Render(run.Variables);
        var inputs = new JsonObject
        {
            ["query"] = query,
            ["files"] = PromptFiles.Values(settings.Vision, run.Variables),
            ["parameters"] = settings.RawParameters.DeepClone(),
            ["instruction"] = instruction,
        };
        var model = await settings.Model.GetAsync(models, run, inputs, stop);
        var calls = settings.PrefersFunctionCall && !settings.Model.IsCompletion && CanCall(model);
        var parameters = CompletionParameters.Resolve(settings.Model.CompletionParams, run.Variables);
        var schema = settings.Schema();
        var used = PromptMemory.Tokens(query) + PromptMemory.Tokens(instruction) + PromptOverhead + CompletionParameters.MaxTokens(parameters);
        var history = settings.Memory?.Fitting(run, model.Descriptor.ContextSize, used) ?? [];
        var histories = settings.Memory?.ToText(history) ?? "";
        var messages = calls ? ExtractorPrompt.WriteForFunction(query, schema, instruction, histories)
            : settings.Model.IsCompletion ? ExtractorPrompt.WriteForCompletion(query, schema, instruction, histories)
            : ExtractorPrompt.WriteForJson(query, schema, instruction, histories);
        await files.AttachAsync(messages, settings.Vision, run, model, stop);

        var options = model.CreateOptions(parameters);
        var processData = PromptLog.ProcessData(settings.Model, model, messages);
        processData["function"] = null;
        if (calls)
        {
            options.Tools =
            [
                AIFunctionFactory.CreateDeclaration(
                    ExtractorPrompt.FunctionName, ExtractorPrompt.FunctionDescription, JsonSerializer.SerializeToElement(schema)),
            ];
            processData["function"] = new JsonObject
            {
                ["name"] = ExtractorPrompt.FunctionName,
                ["description"] = ExtractorPrompt.FunctionDescription,
                ["parameters"] = schema.DeepClone(),
            };
        }

        var started = time.GetTimestamp();
        var answer = await AskAsync(model, messages, options, inputs, processData, stop);
        var usage = model.Measure(
            answer.Usage, string.Join('\n', messages.Select(message => message.Text)), answer.Text, time.GetElapsedTime(started));
        processData["usage"] = PromptLog.Usage(usage);
        processData["llm_text"] = answer.Text;
        var call = answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault();
        processData["tool_call"] = call is null ? null : new JsonObject { ["name"] = call.Name, ["arguments"] = ArgumentsOf(call) };

        yield return NodeOutput.End(Result(settings, Find(call, answer.Text), usage, inputs, processData));
    }

    private static bool CanCall(ChatModel model) => model.Descriptor.Features.Any(feature => feature is "tool-call" or "multi-tool-call");

    private static async ValueTask<ChatResponse> AskAsync(
        ChatModel model, List<ChatMessage> messages, ChatOptions options, JsonObject inputs, JsonObject processData, CancellationToken stop)
    {
        try
        {
            return await model.Client.GetResponseAsync(messages, options, stop);
        }
        catch (DifyException problem)
        {
            throw ModelFailures.ToFailure(problem, inputs, processData);
        }
    }

    private static string ArgumentsOf(FunctionCallContent call) =>
        call.RawRepresentation as string ?? JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>());

    private static JsonObject? Find(FunctionCallContent? call, string text) =>
        AnswerJson.FirstObject(call is null ? AnswerJson.WithoutThinking(text) : ArgumentsOf(call));

    private static NodeResult Result(
        ExtractorSettings settings, JsonObject? found, ModelUsage usage, JsonObject inputs, JsonObject processData)
    {
        var reason = found is not { Count: > 0 } ? NothingFound
            : found.Count != settings.Parameters.Count ? "Invalid number of parameters"
            : settings.Parameters.Select(one => one.Problem(found)).FirstOrDefault(problem => problem is not null);
        var outputs = new JsonObject
        {
            ["__is_success"] = reason is null ? 1 : 0,
            ["__reason"] = reason,
            ["__usage"] = PromptLog.Usage(usage),
        };
        foreach (var parameter in settings.Parameters.Where(one => one.Name is not ("__is_success" or "__reason" or "__usage")))
        {
            outputs[parameter.Name] = parameter.Coerce(found?[parameter.Name]);
        }

        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = inputs,
            ProcessData = processData,
            Outputs = outputs,
            Metadata = PromptLog.Metadata(usage),
        };
    }
}
