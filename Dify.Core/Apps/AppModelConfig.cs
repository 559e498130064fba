using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dify.Core.Workflows.Inputs;

namespace Dify.Core.Apps;

/// <summary>
/// The configuration of a basic app in Dify's <c>model_config</c> shape. What is not named here is kept as it came,
/// so that import and export lose nothing.
/// </summary>
public sealed record AppModelConfig
{
    public AppModelSelection? Model { get; init; }

    public string PromptType { get; init; } = "simple";

    /// <summary>Instructions with <c>{{variable}}</c> placeholders.</summary>
    public string? PrePrompt { get; init; }

    public IReadOnlyList<UserInputField> UserInputForm { get; init; } = [];

    public DatasetConfigs? DatasetConfigs { get; init; }

    public string? OpeningStatement { get; init; }

    public IReadOnlyList<string> SuggestedQuestions { get; init; } = [];

    public FeatureSwitch SuggestedQuestionsAfterAnswer { get; init; } = new(false);

    public FeatureSwitch RetrieverResource { get; init; } = new(true);

    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];

    /// <summary>Which files a message may bring: the feature <c>file_upload</c>; null when it is off.</summary>
    [JsonIgnore]
    public FileRules? FileRules => FileRules.OfFeature(FileUpload);

    internal JsonObject? FileUpload =>
        Other.TryGetValue("file_upload", out var feature) && feature.ValueKind == JsonValueKind.Object ? JsonObject.Create(feature) : null;
}

/// <summary><c>{provider, name, mode, completion_params}</c>.</summary>
public sealed record AppModelSelection(string Provider, string Name)
{
    public string Mode { get; init; } = "chat";

    public JsonObject CompletionParams { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}

/// <summary>A feature that is on or off; further keys are kept.</summary>
public sealed record FeatureSwitch(bool Enabled)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}
