using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Knowledge.Ingestion;

/// <summary>A workspace with an owner and the services of knowledge; jobs run when a test says so.</summary>
internal sealed class KnowledgeWorld : IAsyncDisposable
{
    private int _names;

    private KnowledgeWorld(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public Actor Owner { get; } = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);

    public KnowledgeService Bases => Database.Get<KnowledgeService>();

    public DocumentService Documents => Database.Get<DocumentService>();

    public SegmentService Segments => Database.Get<SegmentService>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<KnowledgeWorld> CreateAsync(
        DatabaseKind kind = DatabaseKind.Sqlite, Action<IServiceCollection>? configure = null,
        IEnumerable<KeyValuePair<string, string?>>? settings = null) =>
        new(await TestDatabase.CreateAsync(kind, configure, settings));

    public async Task<Guid> BaseAsync(IndexingTechnique? technique = IndexingTechnique.HighQuality, Actor? actor = null)
    {
        var made = await Bases.CreateAsync(
            actor ?? Owner,
            new NewKnowledgeBase { Name = $"Base {++_names}", IndexingTechnique = technique, Permission = KnowledgePermission.AllTeamMembers },
            Stop);
        return made.KnowledgeBase.Id;
    }

    public async Task<Document> TextAsync(Guid knowledgeBaseId, string text, Dify.Core.Knowledge.Chunking.ProcessRule? rule = null) =>
        (await Documents.AddAsync(
            Owner, knowledgeBaseId, new NewDocuments { Texts = [new NewTextDocument($"Text {++_names}", text)], ProcessRule = rule ?? new() }, Stop))[0];

    public async Task<UploadedFile> UploadAsync(string name, Stream content, Actor? actor = null) =>
        await Database.Get<FileService>().SaveAsync(
            Owner.WorkspaceId, name, null, content, 15 << 20, (actor ?? Owner).AccountId, null, Stop);

    /// <summary>Runs the job of every unfinished document once.</summary>
    public async Task RunJobsAsync()
    {
        List<(Guid Id, int Number)> waiting;
        await using (var db = await Database.Contexts.CreateDbContextAsync(Stop))
        {
            waiting = (await db.Documents.AsNoTracking().OrderBy(d => d.Position).ToListAsync(Stop))
                .Where(d => d.IndexingStatus is not (IndexingStatus.Completed or IndexingStatus.Error or IndexingStatus.Paused))
                .Select(d => (d.Id, d.JobNumber)).ToList();
        }

        foreach (var (id, number) in waiting)
        {
            await Database.Get<DocumentIndexer>().RunAsync(id, number, Stop);
        }
    }

    public Task<Document> DocumentAsync(Document document) => Documents.GetAsync(Owner, document.KnowledgeBaseId, document.Id, Stop);

    public async Task<List<Segment>> SegmentsAsync(Document document)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync(Stop);
        return await db.Segments.AsNoTracking().Where(s => s.DocumentId == document.Id).OrderBy(s => s.Position).ToListAsync(Stop);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
