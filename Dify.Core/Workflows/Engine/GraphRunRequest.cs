using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>A graph, the variables that it starts with, and who runs it.</summary>
public sealed record GraphRunRequest(GraphDefinition Graph, VariablePool Variables, RunContext Context);
