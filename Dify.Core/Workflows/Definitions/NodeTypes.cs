using System.Collections.Frozen;

namespace Dify.Core.Workflows.Definitions;

/// <summary>The words of the DSL for node types, and what follows from them alone.</summary>
public static class NodeTypes
{
    public const string Start = "start";
    public const string End = "end";
    public const string Answer = "answer";
    public const string Llm = "llm";
    public const string KnowledgeRetrieval = "knowledge-retrieval";
    public const string IfElse = "if-else";
    public const string Assigner = "assigner";
    public const string Iteration = "iteration";
    public const string Loop = "loop";

    private static readonly FrozenDictionary<string, NodeKind> Kinds = new Dictionary<string, NodeKind>
    {
        [Start] = NodeKind.Root,
        ["datasource"] = NodeKind.Root,
        ["trigger-webhook"] = NodeKind.Root,
        ["trigger-schedule"] = NodeKind.Root,
        ["trigger-plugin"] = NodeKind.Root,
        [IfElse] = NodeKind.Branch,
        ["question-classifier"] = NodeKind.Branch,
        ["human-input"] = NodeKind.Branch,
        [Answer] = NodeKind.Response,
        [End] = NodeKind.Response,
        [Iteration] = NodeKind.Container,
        [Loop] = NodeKind.Container,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Retryable = new[] { Llm, "tool", "http-request", "code" }.ToFrozenSet();

    private static readonly FrozenSet<string> ContainerStarts = new[] { "iteration-start", "loop-start" }.ToFrozenSet();

    public static NodeKind KindOf(string type) => Kinds.GetValueOrDefault(type, NodeKind.Executable);

    /// <summary>Every other type ignores its <c>retry_config</c>.</summary>
    public static bool HonoursRetry(string type) => Retryable.Contains(type);

    /// <summary>The silent first node of an iteration or a loop.</summary>
    public static bool IsContainerStart(string type) => ContainerStarts.Contains(type);
}
