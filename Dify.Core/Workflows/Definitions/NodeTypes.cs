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
    public const string QuestionClassifier = "question-classifier";
    public const string ParameterExtractor = "parameter-extractor";
    public const string Code = "code";
    public const string TemplateTransform = "template-transform";
    public const string VariableAggregator = "variable-aggregator";

    /// <summary>The name of <see cref="VariableAggregator"/> in old files.</summary>
    public const string VariableAssigner = "variable-assigner";

    public const string Assigner = "assigner";
    public const string DocumentExtractor = "document-extractor";
    public const string ListOperator = "list-operator";
    public const string HttpRequest = "http-request";
    public const string Iteration = "iteration";
    public const string IterationStart = "iteration-start";
    public const string Loop = "loop";
    public const string LoopStart = "loop-start";
    public const string LoopEnd = "loop-end";
    public const string HumanInput = "human-input";
    public const string Tool = "tool";
    public const string Agent = "agent";
    public const string DataSource = "datasource";
    public const string TriggerWebhook = "trigger-webhook";
    public const string TriggerSchedule = "trigger-schedule";
    public const string TriggerPlugin = "trigger-plugin";

    private static readonly FrozenDictionary<string, NodeKind> Kinds = new Dictionary<string, NodeKind>
    {
        [Start] = NodeKind.Root,
        [DataSource] = NodeKind.Root,
        [TriggerWebhook] = NodeKind.Root,
        [TriggerSchedule] = NodeKind.Root,
        [TriggerPlugin] = NodeKind.Root,
        [IfElse] = NodeKind.Branch,
        [QuestionClassifier] = NodeKind.Branch,
        [HumanInput] = NodeKind.Branch,
        [Answer] = NodeKind.Response,
        [End] = NodeKind.Response,
        [Iteration] = NodeKind.Container,
        [Loop] = NodeKind.Container,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Retryable = new[] { Llm, Tool, HttpRequest, Code }.ToFrozenSet();

    private static readonly FrozenSet<string> ContainerStarts = new[] { IterationStart, LoopStart }.ToFrozenSet();

    public static NodeKind KindOf(string type) => Kinds.GetValueOrDefault(type, NodeKind.Executable);

    /// <summary>Every other type ignores its <c>retry_config</c>.</summary>
    public static bool HonoursRetry(string type) => Retryable.Contains(type);

    /// <summary>The silent first node of an iteration or a loop.</summary>
    public static bool IsContainerStart(string type) => ContainerStarts.Contains(type);
}
