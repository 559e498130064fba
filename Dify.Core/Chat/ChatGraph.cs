using System.Runtime.CompilerServices;
using Dify.Core.Apps;
using Dify.Core.Apps.Compilation;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Chat;

/// <summary>Turns a message to an app into a run of the app's graph.</summary>
internal static class ChatGraph
{
    /// <summary>A configuration never changes, so its graph is made once and lives as long as it.</summary>
    private static readonly ConditionalWeakTable<AppModelConfig, CompiledApp> Compiled = [];

    public static GraphRunRequest CreateRequest(
        AppModelConfig config, Message message, string userId, IReadOnlyList<ChatTurn> history)
    {
        var app = Compiled.GetValue(config, static made => BasicAppCompiler.Compile(made, AppMode.Chat));
        var variables = app.CreateVariables(message.Inputs, message.Query, message.Files);
        variables.Set(VariablePool.System, "conversation_id", message.ConversationId.ToString());
        variables.Set(VariablePool.System, "dialogue_count", history.Count);
        variables.Set(VariablePool.System, "user_id", userId);
        variables.Set(VariablePool.System, "app_id", message.AppId.ToString());
        variables.Set(VariablePool.System, "workflow_run_id", message.RunId.ToString());
        var context = new RunContext
        {
            RunId = message.RunId,
            WorkspaceId = message.WorkspaceId,
            AppId = message.AppId,
            UserId = userId,
            InvokeFrom = message.InvokeFrom,
        };
        return new GraphRunRequest(app.Graph, variables, context.With(ToHistory(history)));
    }

    public static ConversationHistory ToHistory(IReadOnlyList<ChatTurn> turns)
    {
        var messages = new List<HistoryMessage>(turns.Count * 2);
        foreach (var turn in turns)
        {
            messages.Add(new HistoryMessage("user", turn.Query));
            messages.Add(new HistoryMessage("assistant", turn.Answer));
        }

        return new ConversationHistory(messages);
    }
}
