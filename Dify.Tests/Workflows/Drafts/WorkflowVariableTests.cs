using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Drafts;
using Xunit;

namespace Dify.Tests.Workflows.Drafts;

public sealed class WorkflowVariableTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"value_type": "string", "value": "x"}""", "missing name")]
    [InlineData("""{"name": "a", "value": "x"}""", "missing value type")]
    [InlineData("""{"name": "a", "value_type": "string", "value": null}""", "missing value")]
    [InlineData("""{"name": "a", "value_type": "boolean", "value": true}""", "not supported value type boolean")]
    [InlineData("""{"name": "a", "value_type": "number", "value": "five"}""", "invalid number value five")]
    [InlineData("""{"name": "a", "value_type": "string", "value": 5}""", "invalid string value 5")]
    public async Task What_is_no_environment_variable_is_refused_in_Difys_words(string variable, string message)
    {
        await using var world = await DraftWorld.CreateAsync();
        var refusal = await Assert.ThrowsAsync<DifyException>(async () => await world.Drafts.SaveAsync(
            world.Owner, world.App.Id,
            new WorkflowContent { EnvironmentVariables = WorkflowVariableJson.Read([JsonNode.Parse(variable)]) }, cancellationToken: Stop));
        Assert.Equal(message, refusal.Message);
    }

    [Theory]
    [InlineData("secret", "\"x\"", "not supported value type secret")]
    [InlineData("array[object]", "\"[]\"", "invalid array[object] value []")]
    [InlineData("array[number]", "[1, \"2\"]", null)]
    [InlineData("boolean", "\"true\"", "invalid boolean value true")]
    public void Conversation_variables_have_the_type_that_they_say(string type, string value, string? message)
    {
        var refusal = Assert.Throws<DifyException>(
            () => WorkflowVariableRules.CheckConversation([new("i", "a", type, JsonNode.Parse(value))]));
        Assert.Equal(message ?? refusal.Message, refusal.Message);
    }

    [Theory]
    [InlineData("string", "\"\"")]
    [InlineData("number", "1.5")]
    [InlineData("integer", "1")]
    [InlineData("float", "2")]
    [InlineData("boolean", "false")]
    [InlineData("object", "{\"a\": 1}")]
    [InlineData("array[string]", "[]")]
    [InlineData("array[boolean]", "[true]")]
    [InlineData("array[object]", "[{}]")]
    public void Every_type_of_the_file_format_is_taken(string type, string value) =>
        Assert.Single(WorkflowVariableRules.CheckConversation([new("i", "a", type, JsonNode.Parse(value))]));

    [Fact]
    public void A_value_of_200_KB_is_taken_and_one_byte_more_is_not()
    {
        var most = new WorkflowVariable("i", "a", "string", new string('x', 204_800));
        Assert.Single(WorkflowVariableRules.CheckEnvironment([most]));
        var refusal = Assert.Throws<DifyException>(
            () => WorkflowVariableRules.CheckEnvironment([most with { Value = new string('x', 204_801) }]));
        Assert.Equal("variable size 204801 exceeds limit 204800", refusal.Message);
    }

    [Fact]
    public void Of_two_variables_with_one_name_the_later_wins_at_the_place_of_the_first()
    {
        var kept = WorkflowVariableRules.CheckEnvironment(
            [new("1", "a", "string", "old"), new("2", "b", "string", "b"), new("3", "a", "string", "new")]);
        Assert.Equal(["new", "b"], kept.Select(variable => variable.Value!.ToString()));
    }
}
