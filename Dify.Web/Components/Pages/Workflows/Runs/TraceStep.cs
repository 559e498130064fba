namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>One execution of a node, as a page shows it.</summary>
public sealed class TraceStep
{
    public required string Id { get; init; }

    public required string NodeId { get; init; }

    public required string NodeType { get; init; }

    public string Title { get; init; } = "";

    /// <summary>In the order of starting, from 1.</summary>
    public int Index { get; init; }

    /// <summary>The iteration or loop around it.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Which round of it, from 0.</summary>
    public int Round { get; set; }

    /// <summary>Which execution of the container, where it is known; a container inside another runs many times.</summary>
    public string? ParentPath { get; init; }

    public StepState State { get; set; } = StepState.Running;

    /// <summary>JSON; empty when there is none.</summary>
    public string Inputs { get; set; } = "";

    /// <summary>JSON; empty when there is none.</summary>
    public string ProcessData { get; set; } = "";

    /// <summary>JSON; empty when there is none.</summary>
    public string Outputs { get; set; } = "";

    public string? Error { get; set; }

    public string? ErrorType { get; set; }

    /// <summary>Attempts that failed before this outcome.</summary>
    public int Retries { get; set; }

    /// <summary>Why each of them failed, as far as it is known.</summary>
    public List<string> RetryErrors { get; } = [];

    public int Tokens { get; set; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs.</summary>
    public double? ElapsedSeconds { get; set; }

    /// <summary>What ran inside, in the order of starting.</summary>
    public List<TraceStep> Inside { get; } = [];

    /// <summary>Rounds begun, of an iteration or loop.</summary>
    public int Rounds { get; set; }
}
