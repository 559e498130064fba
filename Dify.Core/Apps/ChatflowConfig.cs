using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Inputs;

namespace Dify.Core.Apps;

/// <summary>
/// What a client of a chatflow sees around the graph, in the shape that clients of basic apps know: the form of the
/// start node and the features of the workflow.
/// </summary>
public static class ChatflowConfig
{
    private static readonly string[] Kept =
        ["file_upload", "speech_to_text", "text_to_speech", "sensitive_word_avoidance"];

    /// <exception cref="DifyException"><c>invalid_param</c>: the graph has no start.</exception>
    public static AppModelConfig Of(WorkflowContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var features = content.Features;
        return new AppModelConfig
        {
            OpeningStatement = NodeData.Text(features, "opening_statement"),
            SuggestedQuestions = NodeData.Selector(features, "suggested_questions"),
            SuggestedQuestionsAfterAnswer = Switch(features, "suggested_questions_after_answer"),
            RetrieverResource = Switch(features, "retriever_resource"),
            UserInputForm = [.. StartForm.Read(GraphDefinition.Parse(content.Graph).Root).Where(field => !field.Hidden).Select(Field)],
            Other = Kept.Where(name => features[name] is JsonObject)
                .ToDictionary(name => name, name => JsonSerializer.SerializeToElement(features[name], JsonDefaults.Wire)),
        };
    }

    private static FeatureSwitch Switch(JsonObject features, string name) =>
        new(NodeData.Object(features, name) is { } feature && NodeData.Flag(feature, "enabled"));

    private static UserInputField Field(StartField field) => new(field.Kind, new UserInput
    {
        Variable = field.Variable,
        Label = field.Label,
        Required = field.Required,
        Default = field.Default is null ? null : JsonSerializer.SerializeToElement(field.Default, JsonDefaults.Wire),
        MaxLength = field.MaxLength,
        Options = field.Options,
    });
}
