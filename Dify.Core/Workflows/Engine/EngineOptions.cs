using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Workflows.Engine;

/// <summary>Limits of a run, <c>Workflows:Engine</c> in the configuration.</summary>
public sealed class EngineOptions
{
    /// <summary>Nodes of one run that work at the same time. With one, events come in a fixed order.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 1;

    /// <summary>Attempts of nodes, for the run itself and for each item of an iteration and each round of a loop.</summary>
    [Range(1, 1_000_000)]
    public int MaxSteps { get; set; } = 500;

    /// <summary>Attempts of nodes of a run together with all its items and rounds.</summary>
    [Range(1, 10_000_000)]
    public int MaxTotalSteps { get; set; } = 100_000;

    /// <summary>Rounds that a loop may ask for.</summary>
    [Range(1, 10_000)]
    public int MaxLoopCount { get; set; } = 100;

    /// <summary>Seconds that a run may take.</summary>
    [Range(1, 86_400)]
    public int MaxSeconds { get; set; } = 1200;
}
