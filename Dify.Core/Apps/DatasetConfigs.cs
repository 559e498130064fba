using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dify.Core.Apps;

/// <summary>Knowledge of a basic app: <c>dataset_configs</c>.</summary>
public sealed record DatasetConfigs
{
    public string RetrievalModel { get; init; } = "multiple";

    public int TopK { get; init; } = 3;

    public double? ScoreThreshold { get; init; }

    public bool ScoreThresholdEnabled { get; init; }

    public DatasetList Datasets { get; init; } = new();

    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}

/// <summary><c>{datasets: [{dataset: {enabled, id}}]}</c>.</summary>
public sealed record DatasetList
{
    public IReadOnlyList<DatasetEntry> Datasets { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}

public sealed record DatasetEntry(DatasetChoice Dataset)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}

public sealed record DatasetChoice(bool Enabled, string Id)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}
