using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Web.Components.Pages.Chat;
using Xunit;

namespace Dify.Tests.Web.Chat;

public sealed class ChatInputsTests
{
    private static readonly IReadOnlyList<UserInputField> Form =
    [
        new("text-input", new UserInput { Variable = "name", Label = "Name", Required = true, MaxLength = 5 }),
        new("select", new UserInput { Variable = "tone", Options = ["calm", "loud"], Default = JsonSerializer.SerializeToElement("calm") }),
        new("number", new UserInput { Variable = "days" }),
        new("checkbox", new UserInput { Variable = "kids", Required = true }),
        new("paragraph", new UserInput { Variable = "secret", Required = true, Other = { ["hide"] = JsonSerializer.SerializeToElement(true) } }),
        new("external_data_tool", new UserInput { Variable = "weather" }),
    ];

    [Fact]
    public void Hidden_fields_and_those_of_other_kinds_are_not_asked() =>
        Assert.Equal(["name", "tone", "days", "kids"], ChatInputs.Shown(Form).Select(f => f.Input.Variable));

    [Fact]
    public void An_address_fills_the_form_and_what_does_not_fit_is_left_out()
    {
        var values = ChatInputs.FromQuery(Form, new Dictionary<string, string>
        {
            ["name"] = "Annabelle", ["tone"] = "shrill", ["days"] = "2.5", ["kids"] = "true", ["secret"] = "s", ["other"] = "x",
        });
        Assert.Equal("""{"name":"Annab","days":2.5,"kids":true,"secret":"s"}""", values.ToJsonString());
    }

    [Fact]
    public void Defaults_fill_what_is_not_given()
    {
        var values = ChatInputs.WithDefaults(Form, new JsonObject { ["name"] = "Ann", ["gone"] = 1 });
        Assert.Equal("""{"name":"Ann","tone":"calm","days":null,"kids":false,"secret":null,"weather":null}""", values.ToJsonString());
    }

    [Theory]
    [InlineData("""{}""", "name:required")]
    [InlineData("""{"name":"  "}""", "name:required")]
    [InlineData("""{"name":"Annabelle"}""", "name:too_long")]
    [InlineData("""{"name":"Ann","tone":"shrill"}""", "tone:not_an_option")]
    [InlineData("""{"name":"Ann","tone":"loud","days":3}""", "")]
    public void Problems_are_named_by_field(string values, string expected) =>
        Assert.Equal(expected, string.Join(",", ChatInputs.Problems(Form, JsonNode.Parse(values)!.AsObject()).Select(p => $"{p.Key}:{p.Value}")));

    [Fact]
    public void A_required_value_that_is_missing_is_called_by_its_label()
    {
        var named = ChatInputs.Named(Form, new JsonObject { ["tone"] = "" });
        Assert.Equal("Name", named["name"]!.GetValue<string>());
        Assert.Equal("", named["tone"]!.GetValue<string>());
    }
}
