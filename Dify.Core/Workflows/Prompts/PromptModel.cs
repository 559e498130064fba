using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Prompts;

/// <summary>Which model a node asks, and with which parameters.</summary>
internal sealed class PromptModel
{
    private const string CompletionMode = "completion";

    /// <summary>Null: the workspace default, for apps whose author left the choice to the workspace.</summary>
    public ModelReference? Reference { get; private init; }

    /// <summary>The node has a place for a model, and nothing is in it.</summary>
    public bool IsUnchosen { get; private init; }

    /// <summary><c>chat</c> or <c>completion</c>.</summary>
    public string Mode { get; private init; } = "chat";

    public bool IsCompletion => Mode == CompletionMode;

    /// <summary>As they stand in the node; their references are not resolved.</summary>
    public JsonObject CompletionParams { get; private init; } = [];

    public static PromptModel Read(JsonObject data, string key = "model")
    {
        if (NodeData.Object(data, key) is not { } model)
        {
            return new PromptModel();
        }

        var provider = NodeData.Text(model, "provider");
        var name = NodeData.Text(model, "name");
        var isChosen = !string.IsNullOrWhiteSpace(provider) && !string.IsNullOrWhiteSpace(name);
        return new PromptModel
        {
            Reference = isChosen ? ModelReference.Parse(provider!, name!) : null,
            IsUnchosen = !isChosen,
            Mode = NodeData.Text(model, "mode") == CompletionMode ? CompletionMode : "chat",
            CompletionParams = NodeData.Object(model, "completion_params") ?? [],
        };
    }

    /// <exception cref="NodeFailedException">No model is chosen, or it is not set up.</exception>
    public async ValueTask<ChatModel> GetAsync(ModelRuntime models, NodeRun run, JsonObject inputs, CancellationToken stop)
    {
        if (IsUnchosen)
        {
            throw new NodeFailedException(
                $"No model is chosen in the node '{run.Node.Title}'. Open the node and choose one.", "ModelNotExistError",
                ErrorCodes.ModelCurrentlyNotSupport)
            { Inputs = inputs };
        }

        try
        {
            return await models.GetChatModelAsync(run.Context.WorkspaceId, Reference, stop);
        }
        catch (DifyException problem)
        {
            throw ModelFailures.ToFailure(problem, inputs, []);
        }
    }
}
