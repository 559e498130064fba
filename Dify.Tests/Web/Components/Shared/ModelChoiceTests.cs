using System.Text.Json.Nodes;
using Bunit;
using Dify.Core.Models;
using Dify.Web.Components.Shared.ModelChoice;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using Xunit;

namespace Dify.Tests.Web.Components.Shared;

public sealed class ModelChoiceTests : BunitContext
{
    private static readonly ModelDescriptor Model = new()
    {
        Reference = new ModelReference("openai", "gpt-4o"),
        ProviderLabel = "OpenAI",
        Type = ModelType.Llm,
        Label = "gpt-4o",
        ContextSize = 128_000,
        Features = ["vision"],
        Parameters =
        [
            new ModelParameter("temperature", "Temperature", "float", 0, 2, 0.7, "Help"),
            new ModelParameter("top_p", "Top P", "float", 0, 1, 1, "Help"),
            new ModelParameter("max_tokens", "Max tokens", "int", 1, 100, 50, "Help"),
            new ModelParameter("stop", "Stop", "string", null, null, null, "Help"),
        ],
    };

    private JsonObject _values = [];

    public ModelChoiceTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLocalization();
        Render<MudPopoverProvider>();
    }

    [Fact]
    public void A_parameter_is_sent_only_while_it_is_switched_on()
    {
        var panel = Panel();
        panel.Find("input[role=switch]").Change(true);
        Assert.Equal("""{"temperature":0.7}""", _values.ToJsonString());
        panel = Panel();
        panel.Find("input[role=switch]").Change(false);
        Assert.Equal("{}", _values.ToJsonString());
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("9", "2")]
    [InlineData("-1", "0")]
    [InlineData("x", "0.7")]
    public void A_number_stays_within_its_range(string typed, string kept)
    {
        _values = new JsonObject { ["temperature"] = 0.7, ["kept_of_others"] = true };
        Panel().Find("input[type=number]").Change(typed);
        Assert.Equal(kept, _values["temperature"]!.ToJsonString());
        Assert.True((bool)_values["kept_of_others"]!);
    }

    [Fact]
    public void A_preset_sets_what_the_model_has_and_leaves_the_rest()
    {
        _values = new JsonObject { ["max_tokens"] = 5 };
        Panel().FindAll(".presets button")[0].Click();
        Assert.Equal("""{"max_tokens":5,"temperature":0.2,"top_p":0.75}""", _values.ToJsonString());
    }

    [Fact]
    public void Stop_sequences_are_lines_and_four_at_most()
    {
        _values = new JsonObject { ["stop"] = new JsonArray() };
        Panel().Find("textarea").Change("a\n\nb\nc\nd\ne");
        Assert.Equal("""["a","b","c","d"]""", _values["stop"]!.ToJsonString());
    }

    [Fact]
    public void Models_are_filtered_and_a_name_that_is_not_listed_can_be_used_where_the_provider_takes_any()
    {
        ModelReference? chosen = null;
        var list = Render<ModelList>(parameters => parameters
            .Add(l => l.Models, [Model])
            .Add(l => l.OpenProviders, [KeyValuePair.Create("openai-compatible", "OpenAI-compatible")])
            .Add(l => l.Default, Model.Reference)
            .Add(l => l.Chosen, model => chosen = model));
        Assert.Equal(2, list.FindAll("[role=option]").Count);

        list.Find("input[type=search]").Input("my-own");
        var option = Assert.Single(list.FindAll("[role=option]"));
        Assert.Contains("my-own", option.TextContent);
        option.Click();
        Assert.Equal(new ModelReference("openai-compatible", "my-own"), chosen);
    }

    [Fact]
    public void The_chosen_model_is_marked_for_eyes_and_screen_readers()
    {
        var list = Render<ModelList>(parameters => parameters.Add(l => l.Models, [Model]).Add(l => l.Value, Model.Reference));
        Assert.Equal("true", list.Find("[role=option]").GetAttribute("aria-selected"));
        Assert.Contains("128K", list.Markup);
    }

    private IRenderedComponent<ModelParameterPanel> Panel() => Render<ModelParameterPanel>(parameters => parameters
        .Add(p => p.Model, Model)
        .Add(p => p.Values, _values)
        .Add(p => p.ValuesChanged, values => _values = values));
}
