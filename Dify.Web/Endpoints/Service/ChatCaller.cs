using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;

namespace Dify.Web.Endpoints;

/// <summary>Who speaks through an app key: the end user behind <c>user</c>.</summary>
internal static class ChatCaller
{
    public const string UserType = "service-api";
    private const string InvokeFrom = "service-api";
    private const string SharedUser = "DEFAULT-USER";

    /// <param name="user">The caller's own id of the person; null where it may be left out.</param>
    /// <exception cref="DifyException"><c>not_chat_app</c> where the app is of another family.</exception>
    public static async ValueTask<ChatAudience> ChatAudienceAsync(this HttpContext http, string? user)
    {
        var app = http.CallerApp();
        if (app.Mode is not (AppMode.Chat or AppMode.AgentChat or AppMode.AdvancedChat))
        {
            throw new DifyException(ErrorCodes.NotChatApp, "Please check if your app mode matches the right API route.");
        }

        var endUser = await http.EndUserAsync(user);
        return new ChatAudience
        {
            WorkspaceId = app.WorkspaceId,
            AppId = app.Id,
            EndUserId = endUser.Id,
            InvokeFrom = InvokeFrom,
        };
    }

    public static Task<EndUser> EndUserAsync(this HttpContext http, string? user)
    {
        var app = http.CallerApp();
        return http.RequestServices.GetRequiredService<ConversationService>().GetEndUserAsync(
            app.WorkspaceId, app.Id, UserType, string.IsNullOrEmpty(user) ? SharedUser : user, http.RequestAborted);
    }

    public static string RequireUser(string? user) => string.IsNullOrWhiteSpace(user)
        ? throw DifyException.Invalid("user: say who the person is, with your own id.")
        : user;

    /// <summary>An id of the path or query; text that is no id names nothing.</summary>
    public static Guid ReadId(string? text, string name) => Guid.TryParse(text, out var id)
        ? id
        : throw DifyException.Invalid($"{name}: '{(text is { Length: > 40 } ? text[..40] : text)}' is not a valid UUID.");

    public static Guid? ReadOptionalId(string? text, string name) =>
        string.IsNullOrEmpty(text) ? null : ReadId(text, name);

    public static int ReadLimit(string? text) => string.IsNullOrEmpty(text)
        ? 20
        : int.TryParse(text, out var limit) && limit is >= 1 and <= 100
            ? limit
            : throw DifyException.Invalid("limit: 1 to 100.");
}
