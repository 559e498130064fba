using Dify.Core.Models;
using Dify.Tests.Support;
using Microsoft.Extensions.AI;
using Xunit;

namespace Dify.Tests.Models;

public sealed class ModelRuntimeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_workspace_answers_with_the_builtin_model_by_quoting_the_context()
    {
        await using var database = await TestDatabase.CreateAsync();
        var model = await database.Get<ModelRuntime>().GetChatModelAsync(Guid.CreateVersion7(), null, Cancelled);

        var answer = await model.Client.GetResponseAsync(
            [
                new ChatMessage(ChatRole.System, "Use this.\n<context>Bananas are yellow. The warranty lasts two years from the purchase. Cats sleep.</context>"),
                new ChatMessage(ChatRole.User, "How long does the warranty last?"),
            ],
            model.CreateOptions(null),
            Cancelled);

        Assert.Contains("> The warranty lasts two years from the purchase.", answer.Text);
        Assert.DoesNotContain("Bananas", answer.Text);
        Assert.Equal("builtin", model.Descriptor.Reference.Provider);
    }
}
