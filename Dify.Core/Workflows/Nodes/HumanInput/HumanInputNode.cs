using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Forms;

namespace Dify.Core.Workflows.Nodes.HumanInput;

/// <summary>
/// Lays out a form and pauses the run. When the run goes on it finds the form answered, or expired, and takes the way of
/// the chosen action, or the way <c>__timeout</c>.
/// </summary>
internal sealed class HumanInputNode(IFormDesk desk) : INode
{
    private const string Timeout = "__timeout";

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var form = await desk.FindAsync(run.Context.RunId, run.Path, run.Node.Id, stop) ?? await OpenAsync(run, stop);
        var definition = FormDefinition.Read(form.Definition);
        switch (form.Status)
        {
            case HumanInputFormStatus.Submitted:
                var values = JsonNode.Parse(form.Submission ?? "{}")!.AsObject();
                var rendered = FormContent.Fill(definition.Content, values);
                var title = definition.FindActionTitle(form.ActionId) ?? "";
                yield return NodeOutput.Happened(new NodeRunHumanInputFormFilled
                {
                    ExecutionId = run.ExecutionId,
                    NodeId = run.Node.Id,
                    NodeType = run.Node.Type,
                    Title = run.Node.Title,
                    RenderedContent = rendered,
                    ActionId = form.ActionId ?? "",
                    ActionText = title,
                    SubmittedData = (JsonObject)values.DeepClone(),
                });
                yield return NodeOutput.End(Answered(form, values, rendered, title));
                break;
            case HumanInputFormStatus.Expired:
                yield return NodeOutput.Happened(new NodeRunHumanInputFormTimeout
                {
                    ExecutionId = run.ExecutionId,
                    NodeId = run.Node.Id,
                    NodeType = run.Node.Type,
                    Title = run.Node.Title,
                    ExpirationTime = form.ExpiresAt,
                });
                yield return NodeOutput.End(new NodeResult
                {
                    Status = NodeStatus.Succeeded,
                    Outputs = new JsonObject { ["__action_id"] = "" },
                    EdgeSourceHandle = Timeout,
                });
                break;
            default:
                yield return NodeOutput.Pause(Reason(form, definition));
                break;
        }
    }

    private ValueTask<HumanInputForm> OpenAsync(NodeRun run, CancellationToken stop)
    {
        var settings = run.Node.Settings(HumanInputSettings.Read);
        if (settings.Actions.Count == 0)
        {
            throw new NodeFailedException("The form has no action, so nobody could answer it. Add one.", "HumanInputNodeError");
        }

        var text = new FormText(run.Variables);
        var definition = new FormDefinition
        {
            Content = text.Render(settings.Content),
            Inputs = new JsonArray([.. settings.Inputs.Select(text.Resolve)]),
            Actions = (JsonArray)settings.Actions.DeepClone(),
            Defaults = text.Defaults(settings.Inputs),
            IsShown = settings.IsShown,
        };
        return desk.OpenAsync(
            new NewForm(
                run.Context, run.Path, run.Node.Id, run.Node.Title, definition, settings.OpenFor,
                [.. settings.Mails.Select(text.ToMail)]),
            stop);
    }

    private static NodeResult Answered(HumanInputForm form, JsonObject values, string rendered, string title)
    {
        var outputs = (JsonObject)values.DeepClone();
        outputs["__action_id"] = form.ActionId;
        outputs["__action_value"] = title;
        outputs["__rendered_content"] = rendered;
        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = values,
            Outputs = outputs,
            EdgeSourceHandle = form.ActionId ?? Timeout,
        };
    }

    private static JsonObject Reason(HumanInputForm form, FormDefinition definition)
    {
        var reason = definition.ToJson();
        reason["TYPE"] = "human_input_required";
        reason["form_id"] = form.Id.ToString();
        reason["node_id"] = form.NodeId;
        reason["node_title"] = form.NodeTitle;
        reason["form_token"] = definition.IsShown ? form.Token : null;
        reason["expiration_time"] = form.ExpiresAt.ToUnixTimeSeconds();
        return reason;
    }
}
