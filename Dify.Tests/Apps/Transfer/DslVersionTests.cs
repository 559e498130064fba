using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class DslVersionTests
{
    [Theory]
    [InlineData("0.6.0", ImportStatus.Completed)]
    [InlineData("0.6", ImportStatus.Completed)]
    [InlineData("v0.6.0", ImportStatus.Completed)]
    [InlineData("0.6.0rc1", ImportStatus.Completed)]
    [InlineData("0.5.0", ImportStatus.CompletedWithWarnings)]
    [InlineData("0.1.0", ImportStatus.CompletedWithWarnings)]
    [InlineData("0.3.1", ImportStatus.CompletedWithWarnings)]
    [InlineData("0.6.1", ImportStatus.Pending)]
    [InlineData("0.6.0.post1", ImportStatus.Pending)]
    [InlineData("0.7.0", ImportStatus.Pending)]
    [InlineData("0.10.0", ImportStatus.Pending)]
    [InlineData("1.0.0", ImportStatus.Pending)]
    [InlineData("1!0.1", ImportStatus.Pending)]
    [InlineData("abc", ImportStatus.Failed)]
    [InlineData("0.6.x", ImportStatus.Failed)]
    public void The_version_decides_whether_somebody_is_asked(string version, ImportStatus status) =>
        Assert.Equal(status, DslVersion.Decide(version));

    [Theory]
    [InlineData("1.0.dev1", "1.0a1")]
    [InlineData("1.0a1", "1.0a2")]
    [InlineData("1.0a2", "1.0b1")]
    [InlineData("1.0rc1.dev1", "1.0rc1")]
    [InlineData("1.0rc1", "1.0")]
    [InlineData("1.0", "1.0.post1.dev1")]
    [InlineData("1.0.post1.dev1", "1.0.post1")]
    [InlineData("1.9", "1.10")]
    public void Versions_are_ordered_as_Python_orders_them(string lower, string higher)
    {
        Assert.True(DslVersion.TryParse(lower)!.CompareTo(DslVersion.TryParse(higher)) < 0);
        Assert.Equal(0, DslVersion.TryParse(lower)!.CompareTo(DslVersion.TryParse(" " + lower.ToUpperInvariant())));
    }

    [Theory]
    [InlineData("0.5", "float")]
    [InlineData("1", "int")]
    [InlineData("true", "bool")]
    [InlineData("[1]", "list")]
    [InlineData("""{"a":1}""", "dict")]
    public void A_version_without_quotes_is_refused_in_Difys_words(string json, string type) =>
        Assert.Equal(
            $"Invalid version type, expected str, got <class '{type}'>",
            Assert.Throws<DifyException>(() => DslVersion.Read(JsonNode.Parse(json))).Message);

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("0.0")]
    public void A_file_without_a_version_is_of_the_oldest(string json) => Assert.Equal("0.1.0", DslVersion.Read(JsonNode.Parse(json)));
}
