using Dify.Core.Chat;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>One turn of the branch that is shown.</summary>
/// <param name="Position">From 1, among the siblings.</param>
public sealed record BranchEntry(Message Message, int Position, int Siblings, Guid? Previous, Guid? Next);

/// <summary>
/// The messages of a conversation and which branch of them is shown. Without a choice of the reader the newest message
/// decides.
/// </summary>
internal sealed class MessageTree
{
    private readonly Dictionary<Guid, Message> _messages = [];
    private readonly Dictionary<Guid, List<Guid>> _children = [];
    private readonly Dictionary<Guid, Guid> _chosen = [];

    /// <summary>From the root to the leaf.</summary>
    public IReadOnlyList<BranchEntry> Branch { get; private set; } = [];

    public Message? Leaf => Branch.Count == 0 ? null : Branch[^1].Message;

    public void Clear()
    {
        _messages.Clear();
        _children.Clear();
        _chosen.Clear();
        Branch = [];
    }

    /// <summary>Takes the stored messages; the reader's choices stay.</summary>
    public void Load(IReadOnlyList<Message> messages)
    {
        var first = _messages.Count == 0;
        _messages.Clear();
        foreach (var message in messages)
        {
            _messages[message.Id] = message;
        }

        Link();
        if (first && messages.Count > 0)
        {
            Choose(messages.MaxBy(m => (m.CreatedAt, m.Id))!);
        }

        Follow();
    }

    /// <summary>Adds a message that was just sent and shows it.</summary>
    public void Add(Message message)
    {
        _messages[message.Id] = message;
        Link();
        Select(message.Id);
    }

    /// <summary>Puts the stored message in place of what was shown of it.</summary>
    public void Replace(Message message)
    {
        _messages[message.Id] = message;
        Follow();
    }

    public void Select(Guid messageId)
    {
        if (_messages.TryGetValue(messageId, out var message))
        {
            Choose(message);
            Follow();
        }
    }

    private void Choose(Message message)
    {
        var next = message;
        for (var steps = 0; next is not null && steps <= _messages.Count; steps++)
        {
            var parent = ParentOf(next);
            _chosen[parent] = next.Id;
            next = _messages.GetValueOrDefault(parent);
        }
    }

    private void Link()
    {
        _children.Clear();
        foreach (var message in _messages.Values.OrderBy(m => m.CreatedAt).ThenBy(m => m.Id))
        {
            var parent = ParentOf(message);
            if (!_children.TryGetValue(parent, out var children))
            {
                _children[parent] = children = [];
            }

            children.Add(message.Id);
        }
    }

    private void Follow()
    {
        var branch = new List<BranchEntry>();
        var at = Guid.Empty;
        while (_children.TryGetValue(at, out var siblings) && branch.Count < _messages.Count)
        {
            var index = _chosen.TryGetValue(at, out var chosen) ? siblings.IndexOf(chosen) : -1;
            index = index < 0 ? siblings.Count - 1 : index;
            branch.Add(new BranchEntry(
                _messages[siblings[index]], index + 1, siblings.Count,
                index > 0 ? siblings[index - 1] : null,
                index < siblings.Count - 1 ? siblings[index + 1] : null));
            at = siblings[index];
        }

        Branch = branch;
    }

    /// <summary>The empty id stands for "no parent"; a message whose parent is gone is a root.</summary>
    private Guid ParentOf(Message message) =>
        message.ParentMessageId is { } parent && parent != message.Id && _messages.ContainsKey(parent) ? parent : Guid.Empty;
}
