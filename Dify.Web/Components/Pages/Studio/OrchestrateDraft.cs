using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Models;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>
/// The configuration of a chatbot while it is edited. Every change goes through here; fields that this editor does not
/// know stay as they came.
/// </summary>
public sealed class OrchestrateDraft(AppModelConfig config)
{
    public const int MaxOpeningQuestions = 10;

    public AppModelConfig Config { get; private set; } = config;

    /// <summary>Raised after each change that made a difference.</summary>
    public event Action? Changed;

    public string Instructions
    {
        get => Config.PrePrompt ?? "";
        set => Apply(Config with { PrePrompt = value });
    }

    /// <summary>The chosen model; null: the workspace default.</summary>
    public ModelReference? Model => Config.Model is { } model ? ModelReference.Parse(model.Provider, model.Name) : null;

    public JsonObject CompletionParams => Config.Model?.CompletionParams ?? [];

    public IReadOnlyList<UserInputField> Variables => Config.UserInputForm;

    /// <summary>Names used in the instructions, the opener or its questions that no variable has, in order of first use.</summary>
    public IReadOnlyList<string> UnknownVariables =>
        [.. PromptVariables.Find([Instructions, Opener, .. Config.SuggestedQuestions])
            .Except(Variables.Select(v => v.Input.Variable))];

    public string Opener
    {
        get => Config.OpeningStatement ?? "";
        set => Apply(Config with { OpeningStatement = value });
    }

    public IReadOnlyList<string> OpeningQuestions => Config.SuggestedQuestions;

    public bool FollowUp
    {
        get => Config.SuggestedQuestionsAfterAnswer.Enabled;
        set => Apply(Config with { SuggestedQuestionsAfterAnswer = Config.SuggestedQuestionsAfterAnswer with { Enabled = value } });
    }

    public bool Citations
    {
        get => Config.RetrieverResource.Enabled;
        set => Apply(Config with { RetrieverResource = Config.RetrieverResource with { Enabled = value } });
    }

    /// <summary>The knowledge bases in use, in order. Entries that are switched off or no id of ours stay in the configuration.</summary>
    public IReadOnlyList<Guid> KnowledgeBaseIds =>
        [.. Entries.Where(e => e.Dataset.Enabled).Select(e => Guid.TryParse(e.Dataset.Id, out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty)];

    public int TopK
    {
        get => Datasets.TopK;
        set => Apply(Config with { DatasetConfigs = Datasets with { TopK = Math.Clamp(value, 1, 10) } });
    }

    public bool ScoreThresholdEnabled
    {
        get => Datasets.ScoreThresholdEnabled;
        set => Apply(Config with
        {
            DatasetConfigs = Datasets with { ScoreThresholdEnabled = value, ScoreThreshold = Datasets.ScoreThreshold ?? 0.5 },
        });
    }

    public double ScoreThreshold
    {
        get => Datasets.ScoreThreshold ?? 0.5;
        set => Apply(Config with { DatasetConfigs = Datasets with { ScoreThreshold = Math.Round(Math.Clamp(value, 0, 1), 2) } });
    }

    private DatasetConfigs Datasets => Config.DatasetConfigs ?? new DatasetConfigs();

    private IReadOnlyList<DatasetEntry> Entries => Datasets.Datasets.Datasets;

    /// <summary>Takes over what somebody else saved; not a change of ours.</summary>
    public void Replace(AppModelConfig config) => Config = config;

    /// <summary>Chooses a model. Another provider would not understand the parameters, so those start anew.</summary>
    public void ChooseModel(ModelReference? model)
    {
        if (model is null)
        {
            Apply(Config with { Model = null });
        }
        else if (model != Model)
        {
            Apply(Config with
            {
                Model = new AppModelSelection(model.Provider, model.Name)
                {
                    CompletionParams = model.Provider == Model?.Provider ? CompletionParams : [],
                },
            });
        }
    }

    /// <summary>Sets parameters, which belong to a model: <paramref name="fallback"/> where none is chosen yet.</summary>
    public void SetCompletionParams(JsonObject values, ModelReference fallback) => Apply(Config with
    {
        Model = (Config.Model ?? new AppModelSelection(fallback.Provider, fallback.Name)) with { CompletionParams = values },
    });

    /// <summary>True when end users get something else than this.</summary>
    public bool DiffersFrom(AppModelConfig? published) => published is null || ToJson(Config) != ToJson(published);

    public void AddVariable(UserInputField field) => Apply(Config with { UserInputForm = [.. Variables, field] });

    /// <summary>Adds a short text field for a name that a text already uses.</summary>
    public void AddVariable(string name) => AddVariable(new UserInputField(
        VariableRules.TextInput,
        new UserInput { Variable = name, Label = name, Required = true, MaxLength = VariableRules.InitialMaxLength }));

    /// <summary>Changes a variable. When its name changes, the placeholders follow.</summary>
    public void ReplaceVariable(int index, UserInputField field)
    {
        var old = Variables[index].Input.Variable;
        var changed = Config with { UserInputForm = [.. Variables.Select((v, i) => i == index ? field : v)] };
        if (old != field.Input.Variable)
        {
            string Rename(string text) => PromptVariables.Rename(text, old, field.Input.Variable);
            changed = changed with
            {
                PrePrompt = changed.PrePrompt is { } prompt ? Rename(prompt) : null,
                OpeningStatement = changed.OpeningStatement is { } opener ? Rename(opener) : null,
                SuggestedQuestions = [.. changed.SuggestedQuestions.Select(Rename)],
            };
        }

        Apply(changed);
    }

    public void RemoveVariable(int index) =>
        Apply(Config with { UserInputForm = [.. Variables.Where((_, i) => i != index)] });

    /// <summary>Moves a variable up (-1) or down (+1); at an end nothing happens.</summary>
    public void MoveVariable(int index, int by)
    {
        var target = index + by;
        if (target < 0 || target >= Variables.Count)
        {
            return;
        }

        var list = Variables.ToList();
        (list[index], list[target]) = (list[target], list[index]);
        Apply(Config with { UserInputForm = list });
    }

    public void AddKnowledgeBase(Guid id)
    {
        if (!KnowledgeBaseIds.Contains(id))
        {
            SetEntries([.. Entries.Where(e => !Is(e, id)), new DatasetEntry(new DatasetChoice(true, id.ToString()))]);
        }
    }

    public void RemoveKnowledgeBase(Guid id) => SetEntries([.. Entries.Where(e => !Is(e, id))]);

    /// <summary>Sets the opening questions; more than <see cref="MaxOpeningQuestions"/> are cut off.</summary>
    public void SetOpeningQuestions(IEnumerable<string> questions) =>
        Apply(Config with { SuggestedQuestions = [.. questions.Take(MaxOpeningQuestions)] });

    private void SetEntries(IReadOnlyList<DatasetEntry> entries) => Apply(Config with
    {
        DatasetConfigs = Datasets with { Datasets = Datasets.Datasets with { Datasets = entries } },
    });

    private static bool Is(DatasetEntry entry, Guid id) => Guid.TryParse(entry.Dataset.Id, out var own) && own == id;

    private void Apply(AppModelConfig changed)
    {
        if (ToJson(changed) == ToJson(Config))
        {
            return;
        }

        Config = changed;
        Changed?.Invoke();
    }

    private static string ToJson(AppModelConfig config) => JsonSerializer.Serialize(config, JsonDefaults.Wire);
}
