using System.Text.Json.Nodes;
using Dify.Core.Workflows.Inputs;
using Dify.Web.Components.Pages.Workflows.Forms;
using Xunit;

namespace Dify.Tests.Web.Components.Workflows;

public sealed class RunFormValuesTests
{
    private static readonly IReadOnlyList<StartField> Fields =
    [
        Field("name", StartField.TextInput) with { Required = true, MaxLength = 5 },
        Field("tone", StartField.Select) with { Options = ["warm", "dry"], Default = "dry" },
        Field("count", StartField.Number),
        Field("loud", StartField.Checkbox),
        Field("facts", StartField.Json),
        Field("scans", StartField.FileList) with { MaxLength = 1 },
        Field("secret", StartField.TextInput) with { Hidden = true },
    ];

    [Fact]
    public void Values_that_do_not_fit_their_field_give_way_to_the_default()
    {
        var values = RunFormValues.WithDefaults(Fields, new JsonObject { ["name"] = "Ada", ["tone"] = "loud", ["count"] = "many", ["facts"] = new JsonObject { ["a"] = 1 } });
        Assert.Equal(("Ada", "dry", false), (values["name"]!.GetValue<string>(), values["tone"]!.GetValue<string>(), values["loud"]!.GetValue<bool>()));
        Assert.Null(values["count"]);
        Assert.IsType<JsonObject>(values["facts"]);
    }

    [Fact]
    public void The_form_says_what_is_missing_too_long_too_many_and_no_json()
    {
        var problems = RunFormValues.Problems(Fields, new JsonObject
        {
            ["name"] = " ", ["facts"] = "{oops", ["scans"] = new JsonArray(new JsonObject(), new JsonObject()),
        });
        Assert.Equal(new Dictionary<string, string> { ["name"] = "required", ["facts"] = "not_json", ["scans"] = "too_many" }, problems);
        Assert.Equal("too_long", RunFormValues.Problems(Fields, new JsonObject { ["name"] = "Adaline" })["name"]);
    }

    [Fact]
    public void An_address_fills_fields_hidden_ones_too_but_gives_no_files()
    {
        var values = RunFormValues.FromQuery(Fields, new Dictionary<string, string> { ["name"] = "Adaline", ["secret"] = "x", ["count"] = "2.5", ["loud"] = "1", ["scans"] = "file", ["other"] = "y" });
        Assert.Equal("""{"name":"Adali","count":2.5,"loud":true,"secret":"x"}""", values.ToJsonString());
    }

    [Fact]
    public void Json_that_is_typed_wrong_stays_as_it_was_typed()
    {
        Assert.Equal("{oops", RunFormValues.TextOf(RunFormValues.ParseObject("{oops")));
        Assert.Null(RunFormValues.ParseObject("  "));
        Assert.IsType<JsonObject>(RunFormValues.ParseObject("{\"a\": 1}"));
    }

    private static StartField Field(string name, string kind) => new() { Variable = name, Label = name, Kind = kind };
}
