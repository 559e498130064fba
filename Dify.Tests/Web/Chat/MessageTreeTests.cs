using Dify.Core.Chat;
using Dify.Web.Components.Pages.Chat;
using Xunit;

namespace Dify.Tests.Web.Chat;

public sealed class MessageTreeTests
{
    private readonly List<Message> _messages = [];

    [Fact]
    public void The_branch_of_the_newest_message_is_shown_first()
    {
        var a = Add("a");
        var b1 = Add("b1", a);
        Add("b2", a);
        Add("c", b1);
        var tree = Load();
        Assert.Equal(["a", "b1", "c"], tree.Branch.Select(e => e.Message.Query));
        Assert.Equal((1, 2), (tree.Branch[1].Position, tree.Branch[1].Siblings));
    }

    [Fact]
    public void A_choice_stays_when_the_messages_are_loaded_again()
    {
        var a = Add("a");
        var b1 = Add("b1", a);
        var c = Add("c", b1);
        Add("b2", a);
        var tree = Load();
        Assert.Equal(["a", "b2"], tree.Branch.Select(e => e.Message.Query));
        tree.Select(tree.Branch[1].Previous!.Value);
        Assert.Equal("c", tree.Leaf!.Query);
        Add("d", c);
        tree.Load(_messages);
        Assert.Equal(["a", "b1", "c", "d"], tree.Branch.Select(e => e.Message.Query));
    }

    [Fact]
    public void A_message_whose_parent_is_gone_is_a_root()
    {
        var a = Add("a");
        Add("b", a);
        _messages.RemoveAt(0);
        Assert.Equal(["b"], Load().Branch.Select(e => e.Message.Query));
    }

    [Fact]
    public void A_circle_does_not_hang()
    {
        var first = Guid.CreateVersion7();
        var second = Guid.CreateVersion7();
        _messages.Add(new Message { Id = first, ParentMessageId = second, Query = "a", InvokeFrom = "web-app" });
        _messages.Add(new Message { Id = second, ParentMessageId = first, Query = "b", InvokeFrom = "web-app" });
        Assert.Empty(Load().Branch);
    }

    private Message Add(string query, Message? parent = null)
    {
        var message = new Message
        {
            Query = query, ParentMessageId = parent?.Id, InvokeFrom = "web-app",
            CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(_messages.Count),
        };
        _messages.Add(message);
        return message;
    }

    private MessageTree Load()
    {
        var tree = new MessageTree();
        tree.Load(_messages);
        return tree;
    }
}
