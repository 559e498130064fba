using System.Security.Cryptography;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dify.Core.Files;

/// <summary>Stores and reads uploaded files. Rights are checked by the caller, which knows what the file is for.</summary>
public sealed class FileService(
    IDbContextFactory<DifyDbContext> contexts, IBlobStore blobs, IOptions<UploadLimits> limits, TimeProvider time)
{
    /// <summary>Streams the content to the blob store while counting and hashing, then writes the row.</summary>
    /// <param name="name">The sender's name of the file; only its last part is kept, and never used as a path.</param>
    /// <param name="maxBytes">The file's limit; one byte more is 413 <c>file_too_large</c> and leaves nothing.</param>
    /// <exception cref="DifyException">
    /// 413 <c>file_too_large</c>; 415 <c>unsupported_file_type</c> when the extension is on the block list or the
    /// first bytes belong to another kind of file than the name says.
    /// </exception>
    public async Task<UploadedFile> SaveAsync(
        Guid workspaceId, string name, string? mimeType, Stream content, long maxBytes,
        Guid? accountId, Guid? endUserId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var extension = FileNames.ExtensionOf(FileNames.Clean(name));
        return limits.Value.IsBlocked(extension)
            ? throw Unsupported($"Files of type '{extension}' are not accepted here.")
            : await StoreAsync(workspaceId, name, mimeType, content, maxBytes, accountId, endUserId, checksContent: true, cancellationToken);
    }

    /// <summary>Keeps a file that a run has made or fetched: what it says of itself is not held against it.</summary>
    public async Task<UploadedFile> SaveProducedAsync(
        Guid workspaceId, string name, string? mimeType, ReadOnlyMemory<byte> content,
        Guid? accountId, Guid? endUserId, CancellationToken cancellationToken = default)
    {
        await using var stream = new MemoryStream(content.ToArray(), writable: false);
        return await StoreAsync(
            workspaceId, name, mimeType, stream, long.MaxValue, accountId, endUserId, checksContent: false, cancellationToken);
    }

    private async Task<UploadedFile> StoreAsync(
        Guid workspaceId, string name, string? mimeType, Stream content, long maxBytes,
        Guid? accountId, Guid? endUserId, bool checksContent, CancellationToken cancellationToken)
    {
        var clean = FileNames.Clean(name);
        var extension = FileNames.ExtensionOf(clean);
        var id = Guid.CreateVersion7();
        var key = $"uploads/{workspaceId:N}/{id:N}";
        long size;
        string hash;
        await using (var measured = new MeasuredStream(content, maxBytes))
        {
            try
            {
                await blobs.PutAsync(key, measured, cancellationToken);
                size = measured.Count;
                hash = measured.Hash();
            }
            catch (DifyException)
            {
                await blobs.DeleteAsync(key, CancellationToken.None);
                throw;
            }

            if (checksContent && !FileSignatures.Fits(extension, measured.Head))
            {
                await blobs.DeleteAsync(key, CancellationToken.None);
                throw Unsupported($"'{clean}' is not a {extension} file inside. Save it as {extension} and send it again.");
            }
        }

        var file = new UploadedFile
        {
            Id = id,
            WorkspaceId = workspaceId,
            StorageKey = key,
            Name = clean,
            Extension = extension,
            MimeType = FileNames.MimeTypeOf(extension, mimeType),
            Size = size,
            Sha256 = hash,
            AccountId = accountId,
            EndUserId = endUserId,
            CreatedAt = time.GetUtcNow(),
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.UploadedFiles.Add(file);
        await db.SaveChangesAsync(cancellationToken);
        return file;
    }

    /// <exception cref="DifyException">404 <c>file_not_found</c>, also for another workspace's file.</exception>
    public async Task<UploadedFile> GetAsync(Guid workspaceId, Guid fileId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UploadedFiles.AsNoTracking()
            .FirstOrDefaultAsync(f => f.Id == fileId && f.WorkspaceId == workspaceId, cancellationToken)
            ?? throw NotFound();
    }

    /// <summary>The file behind a signed link; the signature, which the caller has checked, stands for every other right.</summary>
    /// <exception cref="DifyException">404 <c>file_not_found</c>.</exception>
    public async Task<UploadedFile> GetSignedAsync(Guid fileId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UploadedFiles.AsNoTracking().FirstOrDefaultAsync(f => f.Id == fileId, cancellationToken) ?? throw NotFound();
    }

    /// <summary>The files of these ids in the order asked for.</summary>
    /// <exception cref="DifyException">404 <c>file_not_found</c> when one of them is missing.</exception>
    public async Task<IReadOnlyList<UploadedFile>> GetManyAsync(
        Guid workspaceId, IReadOnlyList<Guid> fileIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fileIds);
        var found = await FindManyAsync(workspaceId, fileIds, cancellationToken);
        return [.. fileIds.Select(id => found.TryGetValue(id, out var file) ? file : throw NotFound())];
    }

    /// <summary>Those of the files that there are, by id.</summary>
    public async Task<IReadOnlyDictionary<Guid, UploadedFile>> FindManyAsync(
        Guid workspaceId, IReadOnlyCollection<Guid> fileIds, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UploadedFiles.AsNoTracking()
            .Where(f => f.WorkspaceId == workspaceId && fileIds.Contains(f.Id))
            .ToDictionaryAsync(f => f.Id, cancellationToken);
    }

    /// <exception cref="DifyException">404 <c>file_not_found</c> when the bytes are gone from the store.</exception>
    public async Task<Stream> OpenAsync(UploadedFile file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            return await blobs.OpenAsync(file.StorageKey, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            throw NotFound();
        }
    }

    /// <summary>Removes row and bytes; a file that is not there is no error.</summary>
    public async Task DeleteAsync(Guid workspaceId, IReadOnlyCollection<Guid> fileIds, CancellationToken cancellationToken = default)
    {
        List<string> keys;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var mine = db.UploadedFiles.Where(f => f.WorkspaceId == workspaceId && fileIds.Contains(f.Id));
            keys = await mine.Select(f => f.StorageKey).ToListAsync(cancellationToken);
            await mine.ExecuteDeleteAsync(cancellationToken);
        }

        foreach (var key in keys)
        {
            await blobs.DeleteAsync(key, cancellationToken);
        }
    }

    private static DifyException NotFound() =>
        new(ErrorCodes.FileNotFound, "There is no such file. Upload it again.", 404);

    private static DifyException Unsupported(string message) => new(ErrorCodes.UnsupportedFileType, message, 415);

    /// <summary>Counts, hashes and limits what is read through it, and keeps the first bytes.</summary>
    private sealed class MeasuredStream(Stream inner, long maxBytes) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _head = new byte[FileSignatures.Length];
        private int _headCount;

        public long Count { get; private set; }

        public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headCount);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Measure(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Measure(buffer.AsSpan(offset, read));
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }

        private void Measure(ReadOnlySpan<byte> bytes)
        {
            Count += bytes.Length;
            if (Count > maxBytes)
            {
                throw new DifyException(
                    ErrorCodes.FileTooLarge, $"The file is larger than {maxBytes / (1024 * 1024)} MB. Split it, or send a smaller one.", 413);
            }

            _hash.AppendData(bytes);
            var room = Math.Min(bytes.Length, _head.Length - _headCount);
            bytes[..room].CopyTo(_head.AsSpan(_headCount));
            _headCount += room;
        }
    }
}
