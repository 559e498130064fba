namespace Dify.Core.Knowledge.Chunking;

/// <summary>How a document is cleaned and cut, in Dify's wire shape (<c>process_rule</c>).</summary>
public sealed record ProcessRule
{
    /// <summary><c>automatic</c> (the defaults below) or <c>custom</c>.</summary>
    public string Mode { get; init; } = "automatic";

    /// <summary>Removed where it cuts; <c>\n</c> is written as backslash-n or as the character.</summary>
    public string Separator { get; init; } = "\\n\\n";

    /// <summary>Characters a segment at most; 50 to 4,000.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>Characters that the end of one segment and the start of the next share; below <see cref="MaxLength"/>.</summary>
    public int Overlap { get; init; } = 50;

    public bool RemoveExtraSpaces { get; init; } = true;

    public bool RemoveUrlsEmails { get; init; }
}
