using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;

namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>What has been chosen in the wizard so far, and its rules.</summary>
public sealed class IngestDraft(UploadLimits limits)
{
    public const int ShortestMaximum = 50;
    public const int LongestMaximum = 4000;

    private const int LongestName = 40;

    public UploadLimits Limits => limits;

    public List<SourceFile> Files { get; } = [];

    public IEnumerable<SourceFile> Stored => Files.Where(file => file.FileId is not null);

    /// <summary>Name of the knowledge base to make.</summary>
    public string Name { get; set; } = "";

    public ProcessRule Rule { get; set; } = new();

    public IndexingTechnique Technique { get; set; } = IndexingTechnique.HighQuality;

    /// <summary>Null: the workspace default.</summary>
    public ModelReference? Embedding { get; set; }

    public RetrievalSettings Retrieval { get; set; } = new();

    public bool CanLeaveSources => Stored.Any() && !Files.Exists(file => file.IsUploading);

    public bool HasRule => RuleProblem(Rule) is null;

    /// <summary>Takes a file, or keeps it in the list with the reason why not. Reasons are keys of the texts.</summary>
    public SourceFile Offer(string name, long size, Func<string, object[], string> say)
    {
        var file = new SourceFile(name, size);
        var extension = name.LastIndexOf('.') is var dot and >= 0 ? name[(dot + 1)..].ToLowerInvariant() : "";
        if (!DocumentTypes.Extensions.Contains(extension))
        {
            file.Error = say("Source.WrongType", []);
        }
        else if (size == 0)
        {
            file.Error = say("Source.EmptyFile", []);
        }
        else if (size > limits.FileSizeBytes)
        {
            file.Error = say("Source.TooLarge", [limits.FileSizeMegabytes]);
        }
        else if (Files.Count(other => other.Error is null) >= limits.BatchCount)
        {
            file.Error = say("Source.TooMany", [limits.BatchCount]);
        }

        Files.Add(file);
        if (Name.Length == 0 && file.Error is null)
        {
            Name = NameFrom(name);
        }

        return file;
    }

    /// <summary>The key of the text that says what is wrong with a rule; null when it can be used.</summary>
    public static string? RuleProblem(ProcessRule rule) => rule switch
    {
        { Separator.Length: 0 } => "Chunk.NoSeparator",
        { MaxLength: < ShortestMaximum or > LongestMaximum } => "Chunk.BadLength",
        { Overlap: < 0 } => "Chunk.BadOverlap",
        _ when rule.Overlap >= rule.MaxLength => "Chunk.BadOverlap",
        _ => null,
    };

    public NewDocuments ToDocuments() => new()
    {
        FileIds = [.. Stored.Select(file => file.FileId!.Value)],
        ProcessRule = Rule,
        IndexingTechnique = Technique,
        EmbeddingProvider = Technique == IndexingTechnique.HighQuality ? Embedding?.Provider : null,
        EmbeddingModel = Technique == IndexingTechnique.HighQuality ? Embedding?.Name : null,
        Retrieval = Retrieval,
    };

    private static string NameFrom(string fileName)
    {
        var dot = fileName.LastIndexOf('.');
        var name = (dot > 0 ? fileName[..dot] : fileName).Trim();
        return name.Length <= LongestName ? name : name[..(LongestName - 1)].TrimEnd() + "…";
    }
}
