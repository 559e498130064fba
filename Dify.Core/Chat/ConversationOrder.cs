using Dify.Core.Common;

namespace Dify.Core.Chat;

/// <summary>The orders of a list of conversations, and where the page after a row begins in each.</summary>
internal static class ConversationOrder
{
    public static IQueryable<Conversation> Apply(
        IQueryable<Conversation> rows, string sortBy, bool pinnedFirst, Conversation? last)
    {
        var descending = sortBy.StartsWith('-');
        return sortBy.TrimStart('-') switch
        {
            "updated_at" => ByUpdate(pinnedFirst ? AfterPin(rows, last, descending) : After(rows, last, descending), pinnedFirst, descending),
            "created_at" when !pinnedFirst => ByCreation(rows, last, descending),
            _ => throw DifyException.Invalid("sort_by: created_at, -created_at, updated_at or -updated_at."),
        };
    }

    private static IQueryable<Conversation> ByUpdate(IQueryable<Conversation> rows, bool pinnedFirst, bool descending) =>
        (pinnedFirst, descending) switch
        {
            (true, true) => rows.OrderByDescending(c => c.Pinned).ThenByDescending(c => c.UpdatedAt).ThenByDescending(c => c.Id),
            (true, false) => rows.OrderByDescending(c => c.Pinned).ThenBy(c => c.UpdatedAt).ThenBy(c => c.Id),
            (false, true) => rows.OrderByDescending(c => c.UpdatedAt).ThenByDescending(c => c.Id),
            (false, false) => rows.OrderBy(c => c.UpdatedAt).ThenBy(c => c.Id),
        };

    private static IQueryable<Conversation> After(IQueryable<Conversation> rows, Conversation? last, bool descending)
    {
        if (last is null)
        {
            return rows;
        }

        var (at, id) = (last.UpdatedAt, last.Id);
        return descending
            ? rows.Where(c => c.UpdatedAt < at || (c.UpdatedAt == at && c.Id.CompareTo(id) < 0))
            : rows.Where(c => c.UpdatedAt > at || (c.UpdatedAt == at && c.Id.CompareTo(id) > 0));
    }

    private static IQueryable<Conversation> AfterPin(IQueryable<Conversation> rows, Conversation? last, bool descending)
    {
        if (last is null)
        {
            return rows;
        }

        var (at, id, pinned) = (last.UpdatedAt, last.Id, last.Pinned);
        return descending
            ? rows.Where(c => (pinned && !c.Pinned)
                || (c.Pinned == pinned && (c.UpdatedAt < at || (c.UpdatedAt == at && c.Id.CompareTo(id) < 0))))
            : rows.Where(c => (pinned && !c.Pinned)
                || (c.Pinned == pinned && (c.UpdatedAt > at || (c.UpdatedAt == at && c.Id.CompareTo(id) > 0))));
    }

    private static IOrderedQueryable<Conversation> ByCreation(
        IQueryable<Conversation> rows, Conversation? last, bool descending)
    {
        if (last is { } row)
        {
            var (at, id) = (row.CreatedAt, row.Id);
            rows = descending
                ? rows.Where(c => c.CreatedAt < at || (c.CreatedAt == at && c.Id.CompareTo(id) < 0))
                : rows.Where(c => c.CreatedAt > at || (c.CreatedAt == at && c.Id.CompareTo(id) > 0));
        }

        return descending
            ? rows.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id)
            : rows.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id);
    }
}
