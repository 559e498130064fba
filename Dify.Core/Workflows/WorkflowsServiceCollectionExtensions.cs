using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Nodes;
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
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Workflows;

internal static class WorkflowsServiceCollectionExtensions
{
    public static IServiceCollection AddWorkflows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EngineOptions>()
            .Bind(configuration.GetSection("Workflows:Engine"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<TemplateLimits>()
            .Bind(configuration.GetSection("Workflows:Template"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<CodeLimits>()
            .Bind(configuration.GetSection("Workflows:Code"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<HttpNodeOptions>()
            .Bind(configuration.GetSection("Workflows:HttpRequest"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<HttpCaller>();
        services.AddSingleton<DocumentTexts>();
        services.AddSingleton<GraphEngine>();
        services.AddSingleton<INodeFactory, NodeFactory>();
        services.AddSingleton<PromptFiles>();
        services.AddSingleton<Storage.IExpiringRecords, OldSnapshots>();
        services.AddSingleton<WorkflowCheck>();
        services.AddSingleton<RetrievalModels>();
        services.AddSingleton<WorkflowDraftService>();
        services.AddSingleton<WorkflowVersions>();
        services.AddWorkflowRuns();
        services.AddWorkflowFiles().AddWorkflowInputs();
        services.AddForms();
        return services
            .AddNode<StartNode>(NodeTypes.Start)
            .AddNode<LlmNode>(NodeTypes.Llm)
            .AddNode<KnowledgeRetrievalNode>(NodeTypes.KnowledgeRetrieval)
            .AddNode<QuestionClassifierNode>(NodeTypes.QuestionClassifier)
            .AddNode<ParameterExtractorNode>(NodeTypes.ParameterExtractor)
            .AddNode<ToolNode>(NodeTypes.Tool)
            .AddNode<IfElseNode>(NodeTypes.IfElse)
            .AddNode<HumanInputNode>(NodeTypes.HumanInput)
            .AddNode<CodeNode>(NodeTypes.Code)
            .AddNode<VariableAggregatorNode>(NodeTypes.VariableAggregator)
            .AddNode<VariableAggregatorNode>(NodeTypes.VariableAssigner)
            .AddNode<AssignerNode>(NodeTypes.Assigner)
            .AddNode<IterationNode>(NodeTypes.Iteration)
            .AddNode<LoopNode>(NodeTypes.Loop)
            .AddNode<LoopEndNode>(NodeTypes.LoopEnd)
            .AddNode<DocumentExtractorNode>(NodeTypes.DocumentExtractor)
            .AddNode<HttpRequestNode>(NodeTypes.HttpRequest)
            .AddNode<ListOperatorNode>(NodeTypes.ListOperator)
            .AddNode<TemplateTransformNode>(NodeTypes.TemplateTransform)
            .AddNode<AnswerNode>(NodeTypes.Answer)
            .AddNode<EndNode>(NodeTypes.End);
    }

    private static IServiceCollection AddNode<T>(this IServiceCollection services, string type)
        where T : class, INode
    {
        services.AddSingleton<T>();
        return services.AddSingleton(provider => new NodeRegistration(type, provider.GetRequiredService<T>()));
    }
}
