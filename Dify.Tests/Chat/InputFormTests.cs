using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Xunit;

namespace Dify.Tests.Chat;

public sealed class InputFormTests
{
    private static readonly UserInputField[] Form =
    [
        Field("text-input", "city", input => input with { MaxLength = 5 }),
        Field("select", "size", input => input with { Options = ["s", "m"] }),
        Field("number", "age"),
        Field("checkbox", "agree"),
    ];

    [Theory]
    [InlineData("""{"city":"Paris","size":"m","age":7,"agree":true}""", """{"city":"Paris","size":"m","age":7,"agree":true}""")]
    [InlineData("""{"age":"7.5","agree":"true","unknown":1}""", """{"city":"","size":"","age":7.5,"agree":true}""")]
    [InlineData("""{"city":null,"age":null}""", """{"city":"","size":"","age":null,"agree":false}""")]
    [InlineData("""{"city":"a\u0000b"}""", """{"city":"ab","size":"","age":null,"agree":false}""")]
    public void Good_inputs_take_the_types_of_the_form(string given, string expected) =>
        Assert.Equal(expected, InputForm.Read(Form, Parse(given), null).ToJsonString());

    [Theory]
    [InlineData("""{"city":"London"}""", "city")]
    [InlineData("""{"city":7}""", "city")]
    [InlineData("""{"city":["x"]}""", "city")]
    [InlineData("""{"size":"xl"}""", "size")]
    [InlineData("""{"age":"old"}""", "age")]
    [InlineData("""{"age":true}""", "age")]
    [InlineData("""{"agree":"perhaps"}""", "agree")]
    [InlineData("""{"city":"\ud800"}""", "inputs")]
    public void Bad_inputs_are_refused_by_name(string given, string field)
    {
        var refusal = Assert.Throws<DifyException>(() => InputForm.Read(Form, Parse(given), null));
        Assert.Equal(ErrorCodes.InvalidParam, refusal.Code);
        Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_required_field_may_come_from_the_conversation_but_must_come()
    {
        UserInputField[] form = [Field("text-input", "city", input => input with { Required = true })];
        Assert.Throws<DifyException>(() => InputForm.Read(form, [], null));
        Assert.Throws<DifyException>(() => InputForm.Read(form, Parse("""{"city":""}"""), null));
        var earlier = Parse("""{"city":"Rome"}""");
        Assert.Equal("Rome", (string)InputForm.Read(form, [], earlier)["city"]!);
        Assert.Equal("Oslo", (string)InputForm.Read(form, Parse("""{"city":"Oslo"}"""), earlier)["city"]!);
    }

    [Fact]
    public void A_default_fills_what_is_left_out()
    {
        UserInputField[] form = [Field("number", "age", input => input with { Default = JsonElement.Parse("3") })];
        Assert.Equal(3, (int)InputForm.Read(form, [], null)["age"]!);
    }

    [Theory]
    [InlineData("Hello {{city}}!", "Hello Paris!")]
    [InlineData("Hello {{ city }} and {{other}}", "Hello Paris and {{other}}")]
    [InlineData(null, "")]
    public void An_opener_is_rendered_with_the_form(string? template, string expected) =>
        Assert.Equal(expected, Opener.Render(template, Parse("""{"city":"Paris"}""")));

    [Theory]
    [InlineData("Short", "Short")]
    [InlineData("  First line\nsecond", "First line")]
    [InlineData("one two three four five", "one two three…")]
    public void A_title_is_the_first_line_cut_at_a_word(string text, string expected) =>
        Assert.Equal(expected, PlainText.Title(text, 16));

    [Theory]
    [InlineData("""["a","b"]""", "a,b")]
    [InlineData("Here: [1] or [\"a\", \"b\",] done", "a,b")]
    [InlineData("no list [at all", "")]
    public void Follow_ups_are_read_from_whatever_surrounds_them(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', FollowUpQuestions.Parse(text)));

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static UserInputField Field(string kind, string variable, Func<UserInput, UserInput>? more = null)
    {
        var input = new UserInput { Variable = variable };
        return new UserInputField(kind, more?.Invoke(input) ?? input);
    }
}
