using System.IO.Compression;
using System.Xml;
using Dify.Core.Common;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>
/// Parts of an Office file, read as a stream of XML: no DTD, no external entity, no tree in memory, and a limit on what
/// they unfold to, so that a file of a few kilobytes cannot fill memory or disk.
/// </summary>
internal sealed class OfficePackage : IDisposable
{
    private const int MaxEntries = 20_000;
    private const long MaxUnfoldedBytes = 150L * 1024 * 1024;

    private readonly ZipArchive _zip;
    private long _unfolded;

    public OfficePackage(MemoryStream content)
    {
        var head = content.GetBuffer().AsSpan(0, (int)Math.Min(content.Length, 8));
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            throw DifyException.Invalid(
                "The file is protected with a password, or is of the old Office format. Save it without a password in the current format.");
        }

        _zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        if (_zip.Entries.Count > MaxEntries)
        {
            throw TooLarge();
        }
    }

    /// <summary>A reader over a part, or null when the file has none of this name.</summary>
    /// <param name="toleratesDtd">Passes over a document type that a format allows; its entities stay unknown.</param>
    public XmlReader? OpenXml(string part, bool toleratesDtd = false)
    {
        var entry = _zip.GetEntry(part.TrimStart('/'));
        if (entry is null)
        {
            return null;
        }

        return XmlReader.Create(new LimitedStream(entry.Open(), this), new XmlReaderSettings
        {
            DtdProcessing = toleratesDtd ? DtdProcessing.Ignore : DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = MaxUnfoldedBytes,
            CloseInput = true,
        });
    }

    /// <summary>The bytes of a part, or null when the file has none of this name; they count towards the same limit.</summary>
    public MemoryStream? ReadBytes(string part)
    {
        if (_zip.GetEntry(part.TrimStart('/')) is not { } entry)
        {
            return null;
        }

        using var content = new LimitedStream(entry.Open(), this);
        var bytes = new MemoryStream();
        content.CopyTo(bytes);
        bytes.Position = 0;
        return bytes;
    }

    /// <summary>Targets of a part's relationships by id, as names of parts.</summary>
    public Dictionary<string, string> Relationships(string part)
    {
        var slash = part.LastIndexOf('/');
        var folder = slash < 0 ? "" : part[..slash];
        var targets = new Dictionary<string, string>();
        using var reader = OpenXml($"{folder}/_rels/{part[(slash + 1)..]}.rels");
        while (reader?.Read() == true)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                && reader.GetAttribute("Id") is { } id && reader.GetAttribute("Target") is { } target
                && reader.GetAttribute("TargetMode") != "External")
            {
                targets[id] = target.StartsWith('/') ? target[1..] : $"{folder}/{target}";
            }
        }

        return targets;
    }

    public void Dispose() => _zip.Dispose();

    private static DifyException TooLarge() =>
        DifyException.Invalid("The file unfolds to far more than its size and is not read. Save it anew, or split it.");

    private sealed class LimitedStream(Stream inner, OfficePackage owner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            owner._unfolded += read;
            return owner._unfolded <= MaxUnfoldedBytes ? read : throw TooLarge();
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
