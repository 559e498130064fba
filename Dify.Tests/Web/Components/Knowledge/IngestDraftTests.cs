using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Models;
using Dify.Web.Components.Pages.Knowledge.Ingest;
using Xunit;

namespace Dify.Tests.Web.Components.Knowledge;

public sealed class IngestDraftTests
{
    private readonly IngestDraft _draft = new(new UploadLimits { FileSizeMegabytes = 1, BatchCount = 2 });

    [Theory]
    [InlineData("notes.exe", 10, "Source.WrongType")]
    [InlineData("README", 10, "Source.WrongType")]
    [InlineData("notes.txt", 0, "Source.EmptyFile")]
    [InlineData("notes.PDF", (1024 * 1024) + 1, "Source.TooLarge")]
    [InlineData("notes.PDF", 1024 * 1024, null)]
    public void A_file_is_taken_or_told_why_not(string name, long size, string? reason) =>
        Assert.Equal(reason, Offer(name, size).Error);

    [Fact]
    public void Files_beyond_the_batch_are_refused_and_refused_ones_take_no_place()
    {
        Offer("a.exe", 1);
        Assert.Null(Offer("b.txt", 1).Error);
        Assert.Null(Offer("c.txt", 1).Error);
        Assert.Equal("Source.TooMany", Offer("d.txt", 1).Error);
    }

    [Fact]
    public void The_next_step_opens_when_a_file_is_stored_and_none_is_on_its_way()
    {
        Assert.False(_draft.CanLeaveSources);
        Offer("bad.exe", 1);
        var (one, two) = (Offer("a.txt", 1), Offer("b.txt", 1));
        one.FileId = Guid.CreateVersion7();
        Assert.False(_draft.CanLeaveSources);
        two.Error = "lost";
        Assert.True(_draft.CanLeaveSources);
    }

    [Theory]
    [InlineData("\\n", 50, 49, null)]
    [InlineData("\\n", 4000, 0, null)]
    [InlineData("", 500, 50, "Chunk.NoSeparator")]
    [InlineData("\\n", 49, 0, "Chunk.BadLength")]
    [InlineData("\\n", 4001, 0, "Chunk.BadLength")]
    [InlineData("\\n", 500, 500, "Chunk.BadOverlap")]
    [InlineData("\\n", 500, -1, "Chunk.BadOverlap")]
    public void A_rule_is_checked_before_it_is_used(string separator, int length, int overlap, string? problem) =>
        Assert.Equal(problem, IngestDraft.RuleProblem(new ProcessRule { Separator = separator, MaxLength = length, Overlap = overlap }));

    [Fact]
    public void The_base_is_called_after_the_first_file_within_40_characters()
    {
        Offer("refused.exe", 1);
        Offer("Handbook of pumps.pdf", 1);
        Assert.Equal("Handbook of pumps", _draft.Name);

        var other = new IngestDraft(new UploadLimits());
        other.Offer(new string('x', 90) + ".txt", 1, (key, _) => key);
        Assert.Equal(40, other.Name.Length);
    }

    [Fact]
    public void Only_stored_files_are_added_and_economy_needs_no_model()
    {
        Offer("a.txt", 1).FileId = Guid.CreateVersion7();
        Offer("b.txt", 1);
        _draft.Embedding = new ModelReference("openai", "text-embedding-3-small");
        Assert.Equal("text-embedding-3-small", _draft.ToDocuments().EmbeddingModel);
        _draft.Technique = IndexingTechnique.Economy;
        var documents = _draft.ToDocuments();
        Assert.Single(documents.FileIds);
        Assert.Null(documents.EmbeddingModel);
    }

    private SourceFile Offer(string name, long size) => _draft.Offer(name, size, (key, _) => key);
}
