using System.Globalization;
using System.Text;
using MimeKit;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>E-mail: subject, people and date, then the text of the message; attachments are not opened.</summary>
internal sealed class EmailExtractor : IDocumentExtractor
{
    private static readonly HtmlExtractor Html = new();
    private static readonly ParserOptions Options = new() { MaxMimeDepth = 50 };

    public IReadOnlyCollection<string> Extensions { get; } = ["eml"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        using var message = MimeMessage.Load(Options, content, persistent: false, cancellationToken);
        var text = new ExtractedText(cancellationToken);
        Line(text, "Subject", message.Subject);
        Line(text, "From", message.From.ToString());
        Line(text, "To", message.To.ToString());
        Line(text, "Cc", message.Cc.ToString());
        Line(text, "Date", message.Date == default ? "" : message.Date.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture));
        text.AppendBlock(message.TextBody ?? "");
        if (string.IsNullOrWhiteSpace(message.TextBody) && message.HtmlBody is { Length: > 0 } html)
        {
            using var page = new MemoryStream();
            page.Write(Encoding.UTF8.GetPreamble());
            page.Write(Encoding.UTF8.GetBytes(html));
            text.AppendBlock(Html.Extract(page, cancellationToken));
        }

        return text.ToString();
    }

    private static void Line(ExtractedText text, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            text.AppendLine($"{name}: {value.ReplaceLineEndings(" ")}");
        }
    }
}
