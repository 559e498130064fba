using Dify.Web.Components.Shared.Markdown;

namespace Dify.Web.Components.Pages.Chat;

internal static class ChatPagesServiceCollectionExtensions
{
    public static IServiceCollection AddChatPages(this IServiceCollection services)
    {
        services.AddSingleton<MarkdownRenderer>();
        services.AddSingleton<IChatBackend, ChatBackend>();
        return services;
    }
}
