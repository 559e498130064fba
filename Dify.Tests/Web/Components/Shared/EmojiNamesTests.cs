using Dify.Web.Components.Shared;
using Xunit;

namespace Dify.Tests.Web.Components.Shared;

public sealed class EmojiNamesTests
{
    [Theory]
    [InlineData("🐱", "🐱")]
    [InlineData("", "")]
    [InlineData("video_game", "🎮")]
    [InlineData("firecracker", "🧨")]
    [InlineData(":robot:", "🤖")]
    [InlineData("no_such_thing", "🤖")]
    [InlineData("中", "中")]
    public void A_named_emoji_is_shown_as_itself(string icon, string shown) => Assert.Equal(shown, EmojiNames.Show(icon));
}
