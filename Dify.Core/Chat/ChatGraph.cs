using System.Runtime.CompilerServices;
using Dify.Core.Apps;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Chat;

/// <summary>Turns a message to an app into a run of the app's graph.</summary>
internal static class ChatGraph
{
    public static GraphRunRequest CreateRequest(
        AppModelConfig config, Message message, string userId, IReadOnlyList<ChatTurn> history) =>
        throw new NotImplementedException();
}
