using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>A graph, the variables that it starts with, and who runs it.</summary>
public sealed record GraphRunRequest(GraphDefinition Graph, VariablePool Variables, RunContext Context)
{
    /// <summary>Keeps what finishes, and knows what finished in an earlier life of this run; null: neither.</summary>
    public IRunJournal? Journal { get; init; }
}
