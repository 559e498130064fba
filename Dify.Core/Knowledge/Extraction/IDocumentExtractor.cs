namespace Dify.Core.Knowledge.Extraction;

/// <summary>Turns one kind of file into text: Markdown headings and tables where the format has them.</summary>
internal interface IDocumentExtractor
{
    /// <summary>Lower case, without the dot.</summary>
    IReadOnlyCollection<string> Extensions { get; }

    /// <param name="content">The whole file, seekable and limited in size.</param>
    /// <exception cref="Common.DifyException">The reason for which a person cannot get text out of this file.</exception>
    string Extract(MemoryStream content, CancellationToken cancellationToken);
}
