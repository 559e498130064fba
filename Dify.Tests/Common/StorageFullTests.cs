using Dify.Core.Common;
using Dify.Core.Files.Disk;
using Dify.Core.Jobs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Dify.Tests.Common;

public sealed class StorageFullTests
{
    public static TheoryData<Exception> Full { get; } =
    [
        new IOException("No space left on device", 28),
        new DbUpdateException("", new SqliteException("database or disk is full", 13)),
        new Npgsql.PostgresException("", "ERROR", "ERROR", "53100"),
    ];

    [Theory]
    [MemberData(nameof(Full), DisableDiscoveryEnumeration = true)]
    public void A_full_disk_is_known_behind_every_store_and_jobs_try_again(Exception failure)
    {
        Assert.True(StorageFull.Is(failure));
        Assert.True(RetryPolicy.IsTransient(failure));
    }

    [Fact]
    public void Other_failures_are_not_mistaken_for_it()
    {
        Assert.False(StorageFull.Is(new IOException("Broken pipe", 32)));
        Assert.False(StorageFull.Is(new SqliteException("constraint", 19)));
        Assert.False(StorageFull.Is(null));
    }

    [Fact]
    public async Task A_file_that_finds_no_space_is_refused_with_a_code_and_leaves_nothing_behind()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("dify-full-").FullName;
        try
        {
            var store = new DiskBlobStore(new DataFolder(
                new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("DIFY_DATA_DIR", folder)]).Build()));
            var refusal = await Assert.ThrowsAsync<DifyException>(() => store.PutAsync("a/b", new EndlessDisk(), cancelled));
            Assert.Equal((ErrorCodes.StorageFull, 507), (refusal.Code, refusal.Status));
            Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Fails in the middle, as a write to a full disk does.</summary>
    private sealed class EndlessDisk : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("No space left on device", 28);
    }
}
