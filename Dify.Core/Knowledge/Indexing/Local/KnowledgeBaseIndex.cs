using System.Collections.Concurrent;
using Dify.Core.Knowledge.Indexing.Analysis;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>
/// The index of one knowledge base. Writers take turns; readers never wait: they search the last published
/// <see cref="IndexSnapshot"/>. A replaced segment gets a new row and its old row is marked dead; when dead rows
/// outnumber a third of the living ones, everything is copied into a fresh index without them.
/// </summary>
internal sealed class KnowledgeBaseIndex
{
    private const int CompactFrom = 256;

    private readonly Lock _writing = new();
    private Dictionary<Guid, int> _rowOf = [];
    private Dictionary<Guid, HashSet<Guid>> _segmentsOf = [];
    private ConcurrentDictionary<string, PostingList> _terms = new(StringComparer.Ordinal);
    private List<VectorTable> _tables = [];
    private Guid[] _ids = [];
    private Guid[] _documents = [];
    private int[] _lengths = [];
    private PostingList[][] _termsOf = [];
    private int _count;
    private long _totalLength;
    private long _postings;
    private IndexSnapshot _snapshot;

    public KnowledgeBaseIndex() => _snapshot = Capture(RowSet.Empty);

    public IndexSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Roughly what it holds in memory.</summary>
    public long Bytes { get; private set; }

    public void Upsert(IReadOnlyList<IndexedSegment> segments)
    {
        lock (_writing)
        {
            var addedFrom = _count;
            var dead = new List<int>();
            foreach (var segment in segments)
            {
                Forget(segment.Id, dead);
                Append(segment);
            }

            Publish(addedFrom, dead);
        }
    }

    public void Remove(IEnumerable<Guid> segmentIds)
    {
        lock (_writing)
        {
            var dead = new List<int>();
            foreach (var id in segmentIds)
            {
                Forget(id, dead);
            }

            Publish(_count, dead);
        }
    }

    public void RemoveDocument(Guid documentId)
    {
        lock (_writing)
        {
            if (_segmentsOf.TryGetValue(documentId, out var segments))
            {
                var dead = new List<int>();
                foreach (var id in segments.ToArray())
                {
                    Forget(id, dead);
                }

                Publish(_count, dead);
            }
        }
    }

    private void Append(IndexedSegment segment)
    {
        var row = _count;
        Grow(row + 1);
        _ids[row] = segment.Id;
        _documents[row] = segment.DocumentId;
        (_lengths[row], _termsOf[row]) = Count(segment.Text, row);
        _totalLength += _lengths[row];
        _postings += _termsOf[row].Length;
        if (!segment.Vector.IsEmpty)
        {
            Table(segment.Vector.Length).Add(row, segment.Vector.Span);
        }

        Register(segment.Id, segment.DocumentId, row);
        _count++;
    }

    private void Register(Guid id, Guid documentId, int row)
    {
        _rowOf[id] = row;
        if (!_segmentsOf.TryGetValue(documentId, out var siblings))
        {
            _segmentsOf[documentId] = siblings = [];
        }

        siblings.Add(id);
    }

    private (int Length, PostingList[] Terms) Count(string text, int row)
    {
        var length = 0;
        var touched = new List<PostingList>();
        var lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        TextAnalyzer.Analyze(text, term =>
        {
            length++;
            if (!lookup.TryGetValue(term, out var list))
            {
                _terms[term.ToString()] = list = new PostingList();
            }

            if (list.PendingRow != row)
            {
                list.PendingRow = row;
                list.PendingFrequency = 0;
                touched.Add(list);
            }

            list.PendingFrequency++;
        });

        foreach (var list in touched)
        {
            list.Append(row, list.PendingFrequency);
        }

        return (length, touched.ToArray());
    }

    private void Forget(Guid id, List<int> dead)
    {
        if (!_rowOf.Remove(id, out var row))
        {
            return;
        }

        dead.Add(row);
        _totalLength -= _lengths[row];
        _postings -= _termsOf[row].Length;
        foreach (var list in _termsOf[row])
        {
            list.Forget();
        }

        _termsOf[row] = [];
        if (_segmentsOf.TryGetValue(_documents[row], out var siblings) && siblings.Remove(id) && siblings.Count == 0)
        {
            _segmentsOf.Remove(_documents[row]);
        }
    }

    private void Publish(int addedFrom, List<int> dead)
    {
        if (addedFrom == _count && dead.Count == 0)
        {
            return;
        }

        var rows = _snapshot.Rows.With(_count, addedFrom, dead);
        if (_count - _rowOf.Count > Math.Max(CompactFrom, _rowOf.Count / 3))
        {
            rows = Compact(rows);
        }

        Bytes = _tables.Sum(table => table.Bytes) + (12 * _postings) + (64L * _terms.Count) + (128L * _count);
        Volatile.Write(ref _snapshot, Capture(rows));
    }

    /// <summary>Copies the living rows into fresh arrays; snapshots in use keep the old ones.</summary>
    private RowSet Compact(RowSet living)
    {
        var newRow = new int[_count];
        var kept = 0;
        for (var row = 0; row < _count; row++)
        {
            newRow[row] = living.Contains(row) ? kept++ : -1;
        }

        var compactTerms = CompactTerms(newRow, kept, out var compactTermsOf);
        var (oldIds, oldDocuments, oldLengths) = (_ids, _documents, _lengths);
        (_ids, _documents, _lengths, _termsOf) = (new Guid[kept], new Guid[kept], new int[kept], compactTermsOf);
        (_rowOf, _segmentsOf, _terms) = ([], [], compactTerms);
        for (var row = 0; row < _count; row++)
        {
            if (newRow[row] is var target and >= 0)
            {
                _ids[target] = oldIds[row];
                _documents[target] = oldDocuments[row];
                _lengths[target] = oldLengths[row];
                Register(oldIds[row], oldDocuments[row], target);
            }
        }

        _tables = _tables.ConvertAll(table => Compact(table, newRow));
        _count = kept;
        return RowSet.Empty.With(kept, 0, []);
    }

    private ConcurrentDictionary<string, PostingList> CompactTerms(int[] newRow, int kept, out PostingList[][] listsOf)
    {
        var compact = new ConcurrentDictionary<string, PostingList>(StringComparer.Ordinal);
        var lists = new List<PostingList>[kept];
        foreach (var (term, list) in _terms)
        {
            PostingList? copy = null;
            var reader = list.Read();
            while (reader.MoveNext())
            {
                if (newRow[reader.Row] is var target and >= 0)
                {
                    copy ??= compact[term] = new PostingList();
                    copy.Append(target, reader.Frequency);
                    (lists[target] ??= []).Add(copy);
                }
            }
        }

        listsOf = Array.ConvertAll(lists, list => list?.ToArray() ?? []);
        return compact;
    }

    private static VectorTable Compact(VectorTable table, int[] newRow)
    {
        var compact = new VectorTable(table.Dimension);
        var view = table.View();
        foreach (var block in view.Blocks)
        {
            for (var i = 0; i < Math.Min(block.Capacity, view.Count - block.Start); i++)
            {
                if (newRow[block.Rows[i]] is var target and >= 0)
                {
                    compact.Add(target, block.Vector(i));
                }
            }
        }

        return compact;
    }

    private VectorTable Table(int dimension)
    {
        var table = _tables.Find(candidate => candidate.Dimension == dimension);
        if (table is null)
        {
            _tables.Add(table = new VectorTable(dimension));
        }

        return table;
    }

    /// <summary>Replaces full arrays by larger copies: those of published snapshots are never written below their count.</summary>
    private void Grow(int needed)
    {
        if (needed > _ids.Length)
        {
            var capacity = Math.Max(64, needed + (needed / 2));
            Array.Resize(ref _ids, capacity);
            Array.Resize(ref _documents, capacity);
            Array.Resize(ref _lengths, capacity);
            Array.Resize(ref _termsOf, capacity);
        }
    }

    private IndexSnapshot Capture(RowSet rows) => new()
    {
        Count = _count,
        Living = _rowOf.Count,
        TotalLength = _totalLength,
        Rows = rows,
        Ids = _ids,
        Lengths = _lengths,
        Vectors = [.. _tables.Select(table => table.View())],
        Terms = _terms,
    };
}
