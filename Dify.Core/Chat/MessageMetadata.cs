using System.Globalization;
using System.Text.Json;
using Dify.Core.Models;

namespace Dify.Core.Chat;

/// <summary>Writes what an answer cost and drew on, as Dify's clients read it: prices are decimal strings.</summary>
public static class MessageMetadata
{
    /// <summary><c>{"annotation_reply": null, "retriever_resources": […], "usage": {…}}</c>.</summary>
    public static void Write(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        writer.WriteNull("annotation_reply");
        writer.WritePropertyName("retriever_resources");
        WriteCitations(writer, message);
        writer.WritePropertyName("usage");
        WriteUsage(writer, message.Usage);
        writer.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter writer, ModelUsage usage)
    {
        writer.WriteStartObject();
        writer.WriteNumber("prompt_tokens", usage.PromptTokens);
        writer.WriteString("prompt_unit_price", Price(usage.PromptUnitPrice));
        writer.WriteString("prompt_price_unit", Price(usage.PromptPriceUnit));
        writer.WriteString("prompt_price", Price(usage.PromptPrice));
        writer.WriteNumber("completion_tokens", usage.CompletionTokens);
        writer.WriteString("completion_unit_price", Price(usage.CompletionUnitPrice));
        writer.WriteString("completion_price_unit", Price(usage.CompletionPriceUnit));
        writer.WriteString("completion_price", Price(usage.CompletionPrice));
        writer.WriteNumber("total_tokens", usage.TotalTokens);
        writer.WriteString("total_price", Price(usage.TotalPrice));
        writer.WriteString("currency", usage.Currency);
        writer.WriteNumber("latency", usage.Latency);
        writer.WriteEndObject();
    }

    public static void WriteCitations(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartArray();
        foreach (var citation in message.Citations)
        {
            writer.WriteStartObject();
            writer.WriteString("id", citation.SegmentId);
            writer.WriteString("message_id", message.Id);
            writer.WriteNumber("position", citation.Position);
            writer.WriteString("dataset_id", citation.DatasetId);
            writer.WriteString("dataset_name", citation.DatasetName);
            writer.WriteString("document_id", citation.DocumentId);
            writer.WriteString("document_name", citation.DocumentName);
            writer.WriteString("data_source_type", citation.DataSourceType);
            writer.WriteString("segment_id", citation.SegmentId);
            writer.WriteNumber("score", citation.Score);
            writer.WriteNumber("hit_count", citation.HitCount);
            writer.WriteNumber("word_count", citation.WordCount);
            writer.WriteNumber("segment_position", citation.SegmentPosition);
            writer.WriteString("index_node_hash", "");
            writer.WriteString("content", citation.Content);
            writer.WriteNull("summary");
            writer.WriteNumber("created_at", message.CreatedAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static string Price(decimal price) => price.ToString("0.#########", CultureInfo.InvariantCulture);
}
