using System.Globalization;
using Dify.Core.Knowledge;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>How knowledge pages say numbers, times, sizes and states.</summary>
internal static class KnowledgeWords
{
    /// <summary>7100 as 7.1k.</summary>
    public static string Count(this IStringLocalizer<KnowledgeText> text, long number)
    {
        _ = text;
        return number switch
        {
            < 1000 => number.ToString(CultureInfo.CurrentCulture),
            < 1_000_000 => (number / 1000d).ToString("0.#", CultureInfo.CurrentCulture) + "k",
            _ => (number / 1_000_000d).ToString("0.#", CultureInfo.CurrentCulture) + "M",
        };
    }

    /// <summary>Why a document failed, in the reader's language. The store holds the English sentence, which is the key.</summary>
    public static string? Reason(this IStringLocalizer<KnowledgeText> text, Document document) =>
        document.Error is { Length: > 0 } error ? text[error].Value : null;

    /// <summary>The text for a number of things: <c>key</c>, or <c>key.One</c> for a single one.</summary>
    public static string Counted(this IStringLocalizer<KnowledgeText> text, string key, long number, params object[] more) =>
        text[number == 1 ? key + ".One" : key, [number, .. more]];

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{(bytes / 1024d).ToString("0.#", CultureInfo.CurrentCulture)} KB",
        _ => $"{(bytes / (1024d * 1024)).ToString("0.#", CultureInfo.CurrentCulture)} MB",
    };

    public static string Ago(this IStringLocalizer<KnowledgeText> text, DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalMinutes: < 1 } => text["Time.Now"],
        { TotalMinutes: < 60 } span => text["Time.Minutes", (int)span.TotalMinutes],
        { TotalHours: < 24 } span => text["Time.Hours", (int)span.TotalHours],
        { TotalDays: < 30 } span => text["Time.Days", (int)span.TotalDays],
        _ => then.ToString("d", CultureInfo.CurrentCulture),
    };

    /// <summary>The kind of <c>StatusDot</c> for a state.</summary>
    public static string DotOf(DocumentDisplayStatus status) => status switch
    {
        DocumentDisplayStatus.Available => "good",
        DocumentDisplayStatus.Queuing or DocumentDisplayStatus.Indexing => "busy",
        DocumentDisplayStatus.Paused => "warning",
        DocumentDisplayStatus.Error => "bad",
        _ => "off",
    };

    public static bool IsMoving(Document document) =>
        document.DisplayStatus is DocumentDisplayStatus.Queuing or DocumentDisplayStatus.Indexing;

    /// <summary>0 to 100 over all stages: reading is the first tenth, embedding the rest.</summary>
    public static int PercentOf(Document document) => document.IndexingStatus switch
    {
        IndexingStatus.Completed => 100,
        IndexingStatus.Waiting => 0,
        IndexingStatus.Parsing => 3,
        IndexingStatus.Cleaning => 6,
        IndexingStatus.Splitting => 10,
        _ => document.SegmentCount == 0 ? 10 : 10 + (int)(90L * document.CompletedSegments / document.SegmentCount),
    };

    public static string IconOf(string name) => name[(name.LastIndexOf('.') + 1)..].ToUpperInvariant() switch
    {
        "PDF" => Icons.Custom.FileFormats.FilePdf,
        "DOCX" => Icons.Custom.FileFormats.FileWord,
        "XLSX" or "CSV" => Icons.Custom.FileFormats.FileExcel,
        "HTML" or "HTM" => Icons.Custom.FileFormats.FileCode,
        _ => Icons.Custom.FileFormats.FileDocument,
    };

    /// <summary>The colour class of a file's icon.</summary>
    public static Color ColourOf(string name) => name[(name.LastIndexOf('.') + 1)..].ToUpperInvariant() switch
    {
        "PDF" => Color.Error,
        "DOCX" => Color.Primary,
        "XLSX" or "CSV" => Color.Success,
        "HTML" or "HTM" => Color.Warning,
        _ => Color.Default,
    };
}
