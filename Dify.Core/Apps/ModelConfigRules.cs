using System.Text.Json;
using System.Text.RegularExpressions;
using Dify.Core.Common;

namespace Dify.Core.Apps;

/// <summary>What a <c>model_config</c> may hold before end users get it.</summary>
internal static partial class ModelConfigRules
{
    public const int LongestShortText = 256;
    private const int LargestConfig = 512 * 1024;
    private const int LongestPrompt = 100_000;
    private const int LongestOpener = 10_000;
    private const int LongestQuestion = 1_000;
    private const int MostQuestions = 10;
    private const int MostFields = 100;
    private const int MostOptions = 200;
    private const int MostDatasets = 50;
    private const int MostTopK = 10;

    private static readonly string[] Kinds = ["text-input", "paragraph", "select", "number", "checkbox"];

    /// <summary>Bounds that hold for every stored draft, finished or not.</summary>
    public static void CheckDraft(AppModelConfig config)
    {
        Require(config.PrePrompt is not { Length: > LongestPrompt }, $"pre_prompt: at most {LongestPrompt} characters.");
        Require(config.OpeningStatement is not { Length: > LongestOpener },
            $"opening_statement: at most {LongestOpener} characters.");
        Require(config.SuggestedQuestions.Count <= MostQuestions,
            $"suggested_questions: at most {MostQuestions} questions.");
        Require(config.SuggestedQuestions.All(question => question is { Length: <= LongestQuestion }),
            $"suggested_questions: at most {LongestQuestion} characters each.");
        Require(config.UserInputForm.Count <= MostFields, $"user_input_form: at most {MostFields} fields.");
        Require(config.DatasetConfigs?.Datasets.Datasets.Count is null or <= MostDatasets,
            $"dataset_configs: at most {MostDatasets} knowledge bases.");
        Require(JsonSerializer.SerializeToUtf8Bytes(config, JsonDefaults.Wire).Length <= LargestConfig,
            "The configuration is too large.");
    }

    /// <summary>Everything that can be told without looking into the store.</summary>
    public static void CheckComplete(AppModelConfig config)
    {
        CheckDraft(config);
        Require(config.PromptType is "simple" or "advanced", "prompt_type: simple or advanced.");
        Require(config.Model is null or { Provider.Length: > 0 and <= 200, Name.Length: > 0 and <= 200 },
            "model: name a provider and a model.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in config.UserInputForm)
        {
            CheckField(field);
            Require(names.Add(field.Input.Variable), $"user_input_form: '{field.Input.Variable}' is there twice.");
        }

        if (config.DatasetConfigs is { } knowledge)
        {
            Require(knowledge.TopK is >= 1 and <= MostTopK, $"dataset_configs.top_k: 1 to {MostTopK}.");
            Require(knowledge.ScoreThreshold is null or >= 0 and <= 1, "dataset_configs.score_threshold: 0 to 1.");
            Require(knowledge.Datasets.Datasets.All(d => d?.Dataset is not null && Guid.TryParse(d.Dataset.Id, out _)),
                "dataset_configs.datasets: each entry names a knowledge base by its id.");
        }
    }

    private static void CheckField(UserInputField field)
    {
        var input = field.Input;
        Require(Kinds.Contains(field.Kind), $"user_input_form: '{field.Kind}' is not a kind of field for this app.");
        Require(input.Variable is not null && Name().IsMatch(input.Variable),
            $"user_input_form: '{Shorten(input.Variable)}' is not a variable name. Use letters, digits and _, "
            + "not a digit first, at most 64 characters.");
        Require(input.Label is null or { Length: <= 256 }, $"user_input_form: the label of '{input.Variable}' is too long.");
        Require(input.MaxLength is null or > 0, $"user_input_form: max_length of '{input.Variable}' is above 0.");
        Require(field.Kind != "text-input" || input.MaxLength is null or <= LongestShortText,
            $"user_input_form: max_length of '{input.Variable}' is at most {LongestShortText}.");
        if (field.Kind == "select")
        {
            Require(input.Options is { Count: > 0 and <= MostOptions },
                $"user_input_form: give '{input.Variable}' 1 to {MostOptions} options.");
            Require(input.Options.All(option => option is { Length: > 0 and <= 1000 })
                && input.Options.Distinct(StringComparer.Ordinal).Count() == input.Options.Count,
                $"user_input_form: the options of '{input.Variable}' are not empty and differ.");
        }
    }

    private static string Shorten(string? text) => text is { Length: > 64 } ? text[..64] : text ?? "";

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw DifyException.Invalid(message);
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
