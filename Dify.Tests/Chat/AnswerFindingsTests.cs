using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Xunit;

namespace Dify.Tests.Chat;

public sealed class AnswerFindingsTests
{
    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("\"high\"", 0)]
    [InlineData("null", 0)]
    [InlineData("{}", 0)]
    public void Passages_that_code_has_made_are_cited_whatever_their_score_is(string score, double expected)
    {
        var findings = new AnswerFindings();
        findings.Add([JsonNode.Parse($$"""{"metadata":{"segment_id":"{{Guid.CreateVersion7()}}","score":{{score}}},"content":"text"}""")!.AsObject()]);
        Assert.Equal(expected, Assert.Single(findings.Citations).Score);
    }
}
