using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Nodes.Answer;
using Dify.Core.Workflows.Nodes.Assigner;
using Dify.Core.Workflows.Nodes.Code;
using Dify.Core.Workflows.Nodes.DocumentExtractor;
using Dify.Core.Workflows.Nodes.End;
using Dify.Core.Workflows.Nodes.HttpRequest;
using Dify.Core.Workflows.Nodes.HumanInput;
using Dify.Core.Workflows.Nodes.IfElse;
using Dify.Core.Workflows.Nodes.Iteration;
using Dify.Core.Workflows.Nodes.KnowledgeRetrieval;
using Dify.Core.Workflows.Nodes.ListOperator;
using Dify.Core.Workflows.Nodes.Llm;
using Dify.Core.Workflows.Nodes.Loop;
using Dify.Core.Workflows.Nodes.LoopEnd;
using Dify.Core.Workflows.Nodes.ParameterExtractor;
using Dify.Core.Workflows.Nodes.QuestionClassifier;
using Dify.Core.Workflows.Nodes.Start;
using Dify.Core.Workflows.Nodes.TemplateTransform;
using Dify.Core.Workflows.Nodes.Tool;
using Dify.Core.Workflows.Nodes.VariableAggregator;

namespace Dify.Core.Workflows.Nodes;

/// <summary>Every node type of the product with what is known of it, in the order of a node picker.</summary>
public static class NodeCatalog
{
    public static IReadOnlyList<INodeDescription> All { get; } =
    [
        new StartDescription(),
        new LlmDescription(),
        new KnowledgeRetrievalDescription(),
        new AnswerDescription(),
        new EndDescription(),
        new QuestionClassifierDescription(),
        new IfElseDescription(),
        new HumanInputDescription(),
        new IterationDescription(),
        new LoopDescription(),
        new CodeDescription(),
        new TemplateTransformDescription(),
        new VariableAggregatorDescription(),
        new DocumentExtractorDescription(),
        new AssignerDescription(),
        new ParameterExtractorDescription(),
        new HttpRequestDescription(),
        new ListOperatorDescription(),
        new ToolNodeDescription(),
        new OldVariableAggregatorDescription(),
        new IterationStartDescription(),
        new LoopStartDescription(),
        new LoopEndDescription(),
    ];

    private static readonly FrozenDictionary<string, INodeDescription> ByType =
        All.ToFrozenDictionary(description => description.Type, StringComparer.Ordinal);

    /// <summary>Null: no node of this product has this type.</summary>
    public static INodeDescription? Find(string type) => ByType.GetValueOrDefault(type);

    /// <summary>What is known of one node, with what its error strategy adds; empty facts for an unknown type.</summary>
    public static NodeFacts Describe(string type, JsonObject data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var facts = new NodeFacts();
        if (Find(type) is not { } description)
        {
            facts.OpenOutputs();
            return facts;
        }

        description.Describe(data, facts);
        var strategy = NodeData.StrategyOf(data);
        if (strategy == ErrorStrategy.None)
        {
            return facts;
        }

        facts.Output("error_type", "string");
        facts.Output("error_message", "string");
        if (strategy == ErrorStrategy.FailBranch)
        {
            facts.Handle("source");
            facts.Handle("success-branch");
            facts.Handle("fail-branch");
        }
        else
        {
            foreach (var (item, _) in CommonFacts.Objects(data, "default_value"))
            {
                facts.Output(NodeData.Text(item, "key"), "any");
            }
        }

        return facts;
    }
}
