using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Tests.Chat;

internal static class ChatWorldReading
{
    public static async Task<Message> MessageAsync(this ChatWorld world, string messageId, CancellationToken stop)
    {
        var id = Guid.Parse(messageId);
        await using var db = await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(stop);
        return await db.Messages.AsNoTracking().SingleAsync(m => m.Id == id, stop);
    }

    /// <summary>The message once its run has ended; asks again until then.</summary>
    public static async Task<Message> FinishedAsync(this ChatWorld world, string messageId, CancellationToken stop)
    {
        while (true)
        {
            var message = await world.MessageAsync(messageId, stop);
            if (message.Status != MessageStatus.Running)
            {
                return message;
            }

            await Task.Delay(10, stop);
        }
    }

    public static async Task<JsonObject> StopAsync(this ChatWorld world, string taskId, string user, CancellationToken stop)
    {
        using var answer = await world.Client.PostAsJsonAsync($"/v1/chat-messages/{taskId}/stop", new { user }, stop);
        return await ChatWorld.ReadAsync(answer, stop);
    }

    public static async Task<JsonObject> GetAsync(this ChatWorld world, string path, CancellationToken stop)
    {
        using var answer = await world.Client.GetAsync(new Uri(path, UriKind.Relative), stop);
        return await ChatWorld.ReadAsync(answer, stop);
    }

    public static Task<Core.Apps.App> PublishAsync(this ChatWorld world, Core.Apps.AppModelConfig config, CancellationToken stop) =>
        world.Host.Get<Core.Apps.AppService>().SaveAndPublishAsync(world.Owner, world.App.Id, config, stop);
}
