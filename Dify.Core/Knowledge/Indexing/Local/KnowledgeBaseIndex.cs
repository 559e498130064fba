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

    private readonly Lock writing = new();
    private Dictionary<Guid, int> rowOf = [];
    private Dictionary<Guid, HashSet<Guid>> segmentsOf = [];
    private ConcurrentDictionary<string, PostingList> terms = new(StringComparer.Ordinal);
    private List<VectorTable> tables = [];
    private Guid[] ids = [];
    private Guid[] documents = [];
    private int[] lengths = [];
    private PostingList[][] termsOf = [];
    private int count;
    private long totalLength;
    private long postings;
    private IndexSnapshot snapshot;

    public KnowledgeBaseIndex() => snapshot = Capture(RowSet.Empty);

    public IndexSnapshot Snapshot => Volatile.Read(ref snapshot);

    /// <summary>Roughly what it holds in memory.</summary>
    public long Bytes { get; private set; }

    public void Upsert(IReadOnlyList<IndexedSegment> segments)
    {
        lock (writing)
        {
            var addedFrom = count;
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
        lock (writing)
        {
            var dead = new List<int>();
            foreach (var id in segmentIds)
            {
                Forget(id, dead);
            }

            Publish(count, dead);
        }
    }

    public void RemoveDocument(Guid documentId)
    {
        lock (writing)
        {
            if (segmentsOf.TryGetValue(documentId, out var segments))
            {
                var dead = new List<int>();
                foreach (var id in segments.ToArray())
                {
                    Forget(id, dead);
                }

                Publish(count, dead);
            }
        }
    }

    private void Append(IndexedSegment segment)
    {
        var row = count;
        Grow(row + 1);
        ids[row] = segment.Id;
        documents[row] = segment.DocumentId;
        (lengths[row], termsOf[row]) = Count(segment.Text, row);
        totalLength += lengths[row];
        postings += termsOf[row].Length;
        if (!segment.Vector.IsEmpty)
        {
            Table(segment.Vector.Length).Add(row, segment.Vector.Span);
        }

        Register(segment.Id, segment.DocumentId, row);
        count++;
    }

    private void Register(Guid id, Guid documentId, int row)
    {
        rowOf[id] = row;
        if (!segmentsOf.TryGetValue(documentId, out var siblings))
        {
            segmentsOf[documentId] = siblings = [];
        }

        siblings.Add(id);
    }

    private (int Length, PostingList[] Terms) Count(string text, int row)
    {
        var length = 0;
        var touched = new List<PostingList>();
        var lookup = terms.GetAlternateLookup<ReadOnlySpan<char>>();
        TextAnalyzer.Analyze(text, term =>
        {
            length++;
            if (!lookup.TryGetValue(term, out var list))
            {
                terms[term.ToString()] = list = new PostingList();
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
        if (!rowOf.Remove(id, out var row))
        {
            return;
        }

        dead.Add(row);
        totalLength -= lengths[row];
        postings -= termsOf[row].Length;
        foreach (var list in termsOf[row])
        {
            list.Forget();
        }

        termsOf[row] = [];
        if (segmentsOf.TryGetValue(documents[row], out var siblings) && siblings.Remove(id) && siblings.Count == 0)
        {
            segmentsOf.Remove(documents[row]);
        }
    }

    private void Publish(int addedFrom, List<int> dead)
    {
        if (addedFrom == count && dead.Count == 0)
        {
            return;
        }

        var rows = snapshot.Rows.With(count, addedFrom, dead);
        if (count - rowOf.Count > Math.Max(CompactFrom, rowOf.Count / 3))
        {
            rows = Compact(rows);
        }

        Bytes = tables.Sum(table => table.Bytes) + (12 * postings) + (64L * terms.Count) + (128L * count);
        Volatile.Write(ref snapshot, Capture(rows));
    }

    /// <summary>Copies the living rows into fresh arrays; snapshots in use keep the old ones.</summary>
    private RowSet Compact(RowSet living)
    {
        var newRow = new int[count];
        var kept = 0;
        for (var row = 0; row < count; row++)
        {
            newRow[row] = living.Contains(row) ? kept++ : -1;
        }

        var compactTerms = CompactTerms(newRow, kept, out var compactTermsOf);
        var (oldIds, oldDocuments, oldLengths) = (ids, documents, lengths);
        (ids, documents, lengths, termsOf) = (new Guid[kept], new Guid[kept], new int[kept], compactTermsOf);
        (rowOf, segmentsOf, terms) = ([], [], compactTerms);
        for (var row = 0; row < count; row++)
        {
            if (newRow[row] is var target and >= 0)
            {
                ids[target] = oldIds[row];
                documents[target] = oldDocuments[row];
                lengths[target] = oldLengths[row];
                Register(oldIds[row], oldDocuments[row], target);
            }
        }

        tables = tables.ConvertAll(table => Compact(table, newRow));
        count = kept;
        return RowSet.Empty.With(kept, 0, []);
    }

    private ConcurrentDictionary<string, PostingList> CompactTerms(int[] newRow, int kept, out PostingList[][] listsOf)
    {
        var compact = new ConcurrentDictionary<string, PostingList>(StringComparer.Ordinal);
        var lists = new List<PostingList>[kept];
        foreach (var (term, list) in terms)
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
        var table = tables.Find(candidate => candidate.Dimension == dimension);
        if (table is null)
        {
            tables.Add(table = new VectorTable(dimension));
        }

        return table;
    }

    /// <summary>Replaces full arrays by larger copies: those of published snapshots are never written below their count.</summary>
    private void Grow(int needed)
    {
        if (needed > ids.Length)
        {
            var capacity = Math.Max(64, needed + (needed / 2));
            Array.Resize(ref ids, capacity);
            Array.Resize(ref documents, capacity);
            Array.Resize(ref lengths, capacity);
            Array.Resize(ref termsOf, capacity);
        }
    }

    private IndexSnapshot Capture(RowSet rows) => new()
    {
        Count = count,
        Living = rowOf.Count,
        TotalLength = totalLength,
        Rows = rows,
        Ids = ids,
        Lengths = lengths,
        Vectors = [.. tables.Select(table => table.View())],
        Terms = terms,
    };
}
