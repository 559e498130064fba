using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Web.Components.Pages.Studio;
using Xunit;

namespace Dify.Tests.Web.Components.Studio;

public sealed class OrchestrateDraftTests
{
    [Fact]
    public void Fields_that_the_editor_does_not_know_survive_every_kind_of_change()
    {
        var config = JsonSerializer.Deserialize<AppModelConfig>(
            """
            {"pre_prompt":"Hi","agent_mode":{"enabled":false},"retriever_resource":{"enabled":true,"x":1},
             "dataset_configs":{"top_k":2,"reranking_mode":"weighted_score","datasets":{"strategy":"router","datasets":[]}}}
            """, JsonDefaults.Wire)!;
        var draft = new OrchestrateDraft(config);

        draft.Instructions = "Hello {{name}}";
        draft.AddVariable("name");
        draft.AddKnowledgeBase(Guid.CreateVersion7());
        draft.TopK = 5;
        draft.Citations = false;
        draft.FollowUp = true;

        var json = JsonSerializer.SerializeToElement(draft.Config, JsonDefaults.Wire);
        Assert.False(json.GetProperty("agent_mode").GetProperty("enabled").GetBoolean());
        Assert.Equal(1, json.GetProperty("retriever_resource").GetProperty("x").GetInt32());
        Assert.False(json.GetProperty("retriever_resource").GetProperty("enabled").GetBoolean());
        var datasets = json.GetProperty("dataset_configs");
        Assert.Equal("weighted_score", datasets.GetProperty("reranking_mode").GetString());
        Assert.Equal("router", datasets.GetProperty("datasets").GetProperty("strategy").GetString());
        Assert.Equal(5, datasets.GetProperty("top_k").GetInt32());
        Assert.Single(datasets.GetProperty("datasets").GetProperty("datasets").EnumerateArray());
    }

    [Theory]
    [InlineData("{{name}}", "name")]
    [InlineData("{{a}} {{b}} {{a}}", "a,b")]
    [InlineData("{{#context#}} {{1x}} {name} {{with space}}", "")]
    [InlineData("{{_ok1}}", "_ok1")]
    public void Placeholders_are_found_once_in_order_and_only_in_their_exact_form(string prompt, string names) =>
        Assert.Equal(names, string.Join(',', PromptVariables.Find([prompt])));

    [Fact]
    public void A_name_in_any_text_that_no_variable_has_is_unknown_until_it_is_added()
    {
        var draft = new OrchestrateDraft(new AppModelConfig());
        draft.Instructions = "Speak {{language}}";
        draft.Opener = "Hello {{guest}}";
        draft.SetOpeningQuestions(["What is {{topic}}?"]);
        Assert.Equal(["language", "guest", "topic"], draft.UnknownVariables);

        draft.AddVariable("guest");

        Assert.Equal(["language", "topic"], draft.UnknownVariables);
        var field = Assert.Single(draft.Variables);
        Assert.Equal(("text-input", 48, true), (field.Kind, field.Input.MaxLength, field.Input.Required));
    }

    [Fact]
    public void Renaming_a_variable_renames_its_placeholders_and_no_others()
    {
        var draft = new OrchestrateDraft(new AppModelConfig
        {
            PrePrompt = "{{a}} and {{ab}}", OpeningStatement = "{{a}}", SuggestedQuestions = ["{{a}}?", "{{b}}?"],
        });
        draft.AddVariable("a");

        draft.ReplaceVariable(0, draft.Variables[0] with { Input = draft.Variables[0].Input with { Variable = "c" } });

        Assert.Equal("{{c}} and {{ab}}", draft.Instructions);
        Assert.Equal("{{c}}", draft.Opener);
        Assert.Equal(["{{c}}?", "{{b}}?"], draft.OpeningQuestions);
    }

    [Fact]
    public void Moving_swaps_neighbours_and_stops_at_the_ends()
    {
        var draft = new OrchestrateDraft(new AppModelConfig());
        draft.AddVariable("a");
        draft.AddVariable("b");
        draft.MoveVariable(1, -1);
        draft.MoveVariable(0, -1);
        Assert.Equal(["b", "a"], draft.Variables.Select(v => v.Input.Variable));
    }

    [Fact]
    public void Only_a_real_difference_counts_as_a_change()
    {
        var draft = new OrchestrateDraft(new AppModelConfig { PrePrompt = "same" });
        var changes = 0;
        draft.Changed += () => changes++;

        draft.Instructions = "same";
        draft.TopK = 30;
        draft.TopK = 10;

        Assert.Equal(1, changes);
        Assert.Equal(10, draft.TopK);
    }

    [Fact]
    public void A_knowledge_base_that_was_switched_off_is_switched_on_when_added_and_never_twice()
    {
        var id = Guid.CreateVersion7();
        var draft = new OrchestrateDraft(new AppModelConfig
        {
            DatasetConfigs = new DatasetConfigs { Datasets = new DatasetList { Datasets = [new(new(false, id.ToString()))] } },
        });
        Assert.Empty(draft.KnowledgeBaseIds);

        draft.AddKnowledgeBase(id);
        draft.AddKnowledgeBase(id);

        Assert.Equal([id], draft.KnowledgeBaseIds);
        Assert.Single(draft.Config.DatasetConfigs!.Datasets.Datasets);
    }

    [Fact]
    public void A_draft_differs_from_what_is_published_until_both_say_the_same()
    {
        var draft = new OrchestrateDraft(new AppModelConfig { PrePrompt = "a" });
        Assert.True(draft.DiffersFrom(null));
        Assert.True(draft.DiffersFrom(new AppModelConfig { PrePrompt = "b" }));
        Assert.False(draft.DiffersFrom(new AppModelConfig { PrePrompt = "a" }));
    }

    [Fact]
    public void Parameters_stay_with_a_model_of_the_same_provider_and_start_anew_with_another()
    {
        var draft = new OrchestrateDraft(new AppModelConfig());
        draft.SetCompletionParams(new JsonObject { ["temperature"] = 0.2 }, new ModelReference("openai", "gpt-4o"));
        Assert.Equal(new ModelReference("openai", "gpt-4o"), draft.Model);

        draft.ChooseModel(new ModelReference("openai", "gpt-4o-mini"));
        Assert.Equal(0.2, draft.CompletionParams["temperature"]!.GetValue<double>());

        draft.ChooseModel(new ModelReference("anthropic", "claude"));
        Assert.Empty(draft.CompletionParams);

        draft.ChooseModel(null);
        Assert.Null(draft.Model);
    }
}
