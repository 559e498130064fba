namespace Dify.Core.Apps.Transfer;

/// <summary>What an app needs before it runs here, and what an import did to its file.</summary>
public sealed record ImportReport
{
    /// <summary>The node types of its graph, those that cannot run first.</summary>
    public IReadOnlyList<ReportedNodes> Nodes { get; init; } = [];

    public IReadOnlyList<ReportedModel> Models { get; init; } = [];

    public IReadOnlyList<ReportedTool> Tools { get; init; } = [];

    /// <summary>Knowledge that the file names and this workspace does not have; choose it again.</summary>
    public IReadOnlyList<ReportedKnowledge> Knowledge { get; init; } = [];

    /// <summary>Names of secret variables without a value: files never carry them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Plugins of Dify that the file lists.</summary>
    public IReadOnlyList<ReportedPlugin> Plugins { get; init; } = [];

    /// <summary>Old shapes that were brought up to date.</summary>
    public IReadOnlyList<ReportedChange> Changes { get; init; } = [];

    /// <summary>Whether this program runs apps of this mode.</summary>
    public bool ModeRuns { get; init; } = true;

    /// <summary>Nothing has to be set up.</summary>
    public bool IsReady => ModeRuns && Nodes.All(n => n.Runs) && Models.All(m => m.State == ReportedState.Ready)
        && Tools.All(t => t.State == ReportedState.Ready) && Knowledge.Count == 0 && Secrets.Count == 0;
}

public enum ReportedState
{
    Ready,

    /// <summary>The provider is known here and waits for its credentials.</summary>
    NotSetUp,

    /// <summary>The provider is set up and has no such model or tool.</summary>
    Unknown,

    /// <summary>There is no such provider here: another model or tool has to take its place.</summary>
    NotAvailable,
}

/// <param name="Type">In the words of the DSL.</param>
/// <param name="Count">How many nodes of the type there are.</param>
/// <param name="Runs">Whether this program can run them.</param>
public sealed record ReportedNodes(string Type, int Count, bool Runs);

/// <param name="Provider">As the file spells it.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Type"><c>llm</c>, <c>rerank</c> or <c>text-embedding</c>.</param>
/// <param name="State">What is missing.</param>
/// <param name="Nodes">Titles of the nodes that ask it.</param>
public sealed record ReportedModel(string Provider, string Name, string Type, ReportedState State, IReadOnlyList<string> Nodes);

/// <param name="ProviderType"><c>builtin</c>, <c>api</c>, <c>workflow</c>, <c>mcp</c> or <c>agent-strategy</c>.</param>
/// <param name="Provider">As the file spells it.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="State">What is missing.</param>
/// <param name="Nodes">Titles of the nodes that call it.</param>
public sealed record ReportedTool(string ProviderType, string Provider, string Name, ReportedState State, IReadOnlyList<string> Nodes);

/// <param name="NodeId">Empty for a basic app.</param>
/// <param name="Title">Of the node.</param>
/// <param name="Count">How many bases are missing.</param>
public sealed record ReportedKnowledge(string NodeId, string Title, int Count);

/// <param name="Id"><c>org/name</c>.</param>
/// <param name="IsCovered">Whether the program brings along what the plugin does.</param>
public sealed record ReportedPlugin(string Id, bool IsCovered);
