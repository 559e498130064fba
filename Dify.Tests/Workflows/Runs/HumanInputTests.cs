using System.Text.Json.Nodes;
using Dify.Core.Accounts.Mail;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Storage;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Runs;
using Dify.Tests.Accounts;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Workflows.Runs;

public sealed class HumanInputTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_waits_for_its_form_over_a_restart_and_goes_the_way_of_the_action(DatabaseKind kind)
    {
        await using var world = await HumanWorld.CreateAsync(kind);
        var run = await world.PauseAsync(Approval(), new JsonObject { ["topic"] = "tea" });
        var form = await world.FormAsync(run.Id);
        var definition = FormDefinition.Read(form.Definition);
        Assert.Equal("Is **tea** good? {{#$output.why#}} {{#$output.kind#}}", definition.Content);
        Assert.Equal("tea", definition.Defaults["why"]!.ToString());
        Assert.Equal(43, form.Token.Length);
        var reason = JsonNode.Parse(run.PauseReasons!)![0]!;
        Assert.Equal(("human_input_required", form.Token), (reason["TYPE"]!.ToString(), reason["form_token"]!.ToString()));

        // Another process on the same store takes the answer and goes on.
        await using var other = world.NewProcess();
        var forms = other.GetRequiredService<FormService>();
        var answer = new JsonObject { ["why"] = "It is warm.", ["kind"] = "green", ["unknown"] = 1 };
        await forms.SubmitAsync(form.Token, answer, "yes", "ann", cancellationToken: Stop);
        var ended = await world.EndOfAsync(run.Id);
        Assert.Equal(
            (RunStatus.Succeeded, """{"r":"Is **tea** good? It is warm. green"}"""), (ended.Status, ended.Outputs));
        var node = (await world.NodesAsync(run.Id)).Single(row => row.NodeId == "h");
        Assert.Equal(
            """{"why":"It is warm.","kind":"green","__action_id":"yes","__action_value":"Yes!","__rendered_content":"Is **tea** good? It is warm. green"}""",
            node.Outputs);
        Assert.Single(await world.NodesAsync(run.Id), row => row.NodeId == "s");

        var late = await Assert.ThrowsAsync<DifyException>(() => forms.SubmitAsync(form.Token, answer, "no", "bob", cancellationToken: Stop));
        Assert.Equal((412, ErrorCodes.HumanInputFormSubmitted), (late.Status, late.Code));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_form_that_nobody_answers_in_time_takes_the_way_of_the_time_out(DatabaseKind kind)
    {
        await using var world = await HumanWorld.CreateAsync(kind);
        var run = await world.PauseAsync(Approval(), new JsonObject { ["topic"] = "tea" });
        var form = await world.FormAsync(run.Id);
        Assert.InRange(form.ExpiresAt - form.CreatedAt, TimeSpan.FromDays(3), TimeSpan.FromDays(3));
        Assert.Equal(0, await world.Get<FormExpiry>().ExpireAsync(Stop));
        await world.ChangeFormsAsync(forms => forms.ExecuteUpdateAsync(
            set => set.SetProperty(f => f.ExpiresAt, DateTimeOffset.UnixEpoch), Stop));

        var late = await Assert.ThrowsAsync<DifyException>(
            () => world.Get<FormService>().SubmitAsync(form.Token, Good(), "yes", "ann", cancellationToken: Stop));
        Assert.Equal((412, ErrorCodes.HumanInputFormExpired), (late.Status, late.Code));
        Assert.Equal(1, await world.Get<FormExpiry>().ExpireAsync(Stop));
        var ended = await world.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Succeeded, """{"late":""}"""), (ended.Status, ended.Outputs));
        Assert.Equal(0, await world.Get<FormExpiry>().ExpireAsync(Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Of_many_answers_at_once_one_counts(DatabaseKind kind)
    {
        await using var world = await HumanWorld.CreateAsync(kind);
        var run = await world.PauseAsync(Approval(), new JsonObject { ["topic"] = "tea" });
        var form = await world.FormAsync(run.Id);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await world.Get<FormService>().SubmitAsync(form.Token, Good($"answer {i}"), "yes", $"user {i}", cancellationToken: Stop);
                return i;
            }
            catch (DifyException closed) when (closed.Code == ErrorCodes.HumanInputFormSubmitted)
            {
                return -1;
            }
        }));
        var winner = Assert.Single(outcomes, i => i >= 0);
        var ended = await world.EndOfAsync(run.Id);
        Assert.Equal($"user {winner}", (await world.FormAsync(run.Id)).SubmittedBy);
        Assert.Contains($"answer {winner}", ended.Outputs, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_that_is_stopped_while_it_waits_withdraws_its_form(DatabaseKind kind)
    {
        await using var world = await HumanWorld.CreateAsync(kind);
        var run = await world.PauseAsync(Approval(), new JsonObject { ["topic"] = "tea" });
        var form = await world.FormAsync(run.Id);
        await world.Get<WorkflowRunService>().StopAsync(run.WorkspaceId, run.AppId, run.Id, Stop);
        Assert.Equal(RunStatus.Stopped, (await world.EndOfAsync(run.Id)).Status);
        Assert.Equal(HumanInputFormStatus.Withdrawn, (await world.FormAsync(run.Id)).Status);
        var late = await Assert.ThrowsAsync<DifyException>(
            () => world.Get<FormService>().SubmitAsync(form.Token, Good(), "yes", "ann", cancellationToken: Stop));
        Assert.Equal(412, late.Status);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Each_item_of_an_iteration_has_a_form_of_its_own(DatabaseKind kind)
    {
        await using var world = await HumanWorld.CreateAsync(kind);
        var graph = new TestGraph().Node("list", "code", new JsonObject
        {
            ["code_language"] = "javascript",
            ["code"] = "function main() { return { xs: ['a', 'b'] } }",
            ["variables"] = new JsonArray(),
            ["outputs"] = new JsonObject { ["xs"] = new JsonObject { ["type"] = "array[string]" } },
        }).Iteration("it", ["list", "xs"], ["h", "why"]).Node("h", "human-input", Form("{{#it.item#}}?", "it", withSelect: false))
            .End("e", "r", "it", "output").Path("s", "list", "it", "e").Path("itstart", "h");
        var run = await world.PauseAsync(graph, []);
        for (var item = 0; item < 2; item++)
        {
            var form = await world.FormAsync(run.Id);
            Assert.Equal((HumanInputFormStatus.Waiting, $"it#{item}"), (form.Status, form.Path));
            await world.Get<FormService>().SubmitAsync(
                form.Token, new JsonObject { ["why"] = $"because {item}" }, "yes", "ann", cancellationToken: Stop);
            Assert.Equal(item == 0 ? RunStatus.Paused : RunStatus.Succeeded, (await world.EndOfAsync(run.Id)).Status);
        }

        Assert.Equal("""{"r":["because 0","because 1"]}""", (await world.EndOfAsync(run.Id)).Outputs);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_leaves_the_form_open()
    {
        await using var world = await HumanWorld.CreateAsync();
        var run = await world.PauseAsync(Approval(), new JsonObject { ["topic"] = "tea" });
        var form = await world.FormAsync(run.Id);
        (JsonObject Inputs, string? Action)[] wrong =
        [
            (Good(), "maybe"),
            (Good(), null),
            ([], "yes"),
            (new JsonObject { ["why"] = "x", ["kind"] = "purple" }, "yes"),
            (new JsonObject { ["why"] = 5, ["kind"] = "green" }, "yes"),
            (new JsonObject { ["why"] = new string('x', 300_000), ["kind"] = "green" }, "yes"),
        ];
        foreach (var (inputs, action) in wrong)
        {
            var refusal = await Assert.ThrowsAsync<DifyException>(
                () => world.Get<FormService>().SubmitAsync(form.Token, inputs, action, "ann", cancellationToken: Stop));
            Assert.Equal((400, ErrorCodes.InvalidFormData), (refusal.Status, refusal.Code));
        }

        Assert.Equal(HumanInputFormStatus.Waiting, (await world.FormAsync(run.Id)).Status);
        foreach (var unknown in (string?[])[null, "", "x", new string('x', 100)])
        {
            Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(() => world.Get<FormService>().GetAsync(unknown, null, Stop))).Status);
        }

        Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(
            () => world.Get<FormService>().GetAsync(form.Token, Guid.CreateVersion7(), Stop))).Status);
    }

    [Fact]
    public async Task A_file_that_was_sent_with_the_form_reaches_the_run_and_a_foreign_one_does_not()
    {
        await using var world = await HumanWorld.CreateAsync();
        var data = Form("{{#$output.why#}} {{#$output.doc#}}", null, withSelect: false);
        data["inputs"]!.AsArray().Add(JsonNode.Parse(
            """{"type": "file", "output_variable_name": "doc", "allowed_file_types": ["document"], "allowed_file_upload_methods": ["local_file"]}"""));
        var graph = new TestGraph().Node("h", "human-input", data).End("e", "r", "h", "__rendered_content").Path("s", "h").Edge("h", "e", "yes");
        var run = await world.PauseAsync(graph, []);
        var form = await world.FormAsync(run.Id);
        var files = world.Get<FileService>();
        async Task<JsonObject> SendAsync(string name, Guid? endUser)
        {
            await using var content = new MemoryStream("hello"u8.ToArray());
            var file = await files.SaveAsync(run.WorkspaceId, name, "text/plain", content, 1000, null, endUser, Stop);
            return new JsonObject { ["transfer_method"] = "local_file", ["type"] = "document", ["upload_file_id"] = file.Id.ToString() };
        }

        foreach (var wrong in (JsonNode?[])[null, await SendAsync("a.txt", Guid.CreateVersion7()), "x"])
        {
            var refusal = await Assert.ThrowsAsync<DifyException>(() => world.Get<FormService>().SubmitAsync(
                form.Token, new JsonObject { ["why"] = "x", ["doc"] = wrong }, "yes", "ann", cancellationToken: Stop));
            Assert.Equal(ErrorCodes.InvalidFormData, refusal.Code);
        }

        var answer = new JsonObject { ["why"] = "Read", ["doc"] = await SendAsync("a.txt", null) };
        await world.Get<FormService>().SubmitAsync(form.Token, answer, "yes", "ann", cancellationToken: Stop);
        Assert.Equal("""{"r":"Read [file]"}""", (await world.EndOfAsync(run.Id)).Outputs);
        var node = (await world.NodesAsync(run.Id)).Single(row => row.NodeId == "h");
        Assert.Equal("a.txt", (string)JsonNode.Parse(node.Outputs)!["doc"]!["filename"]!);
    }

    [Fact]
    public async Task A_mailed_form_goes_to_people_outside_and_its_token_is_in_no_event()
    {
        var mail = new FakeMail();
        await using var world = await HumanWorld.CreateAsync(mail: mail);
        var data = Form("Hello", null, withSelect: false);
        data["delivery_methods"] = JsonNode.Parse("""
            [{"id": "m", "type": "email", "enabled": true, "config": {"subject": "Look\r\nBcc: x", "body": "Open {{#url#}} now",
              "recipients": {"whole_workspace": false, "items": [{"type": "external", "email": "ann@example.com"}, {"type": "external", "email": "no address"}]}}}]
            """);
        var run = await world.PauseAsync(new TestGraph().Node("h", "human-input", data).End("e", "r", "h", "why").Path("s", "h").Edge("h", "e", "yes"), []);
        var form = await world.FormAsync(run.Id);
        Assert.Null(JsonNode.Parse(run.PauseReasons!)![0]!["form_token"]);
        var queue = world.Get<MailQueue>();
        await queue.StartAsync(Stop);
        var sent = await mail.NextAsync();
        Assert.Equal(("ann@example.com", "Look Bcc: x", $"Open https://apps.example.com/form/{form.Token} now"), (sent.To, sent.Subject, sent.Body));
        Assert.Equal(0, mail.Waiting);
        await queue.StopAsync(Stop);
    }

    private static TestGraph Approval() => new TestGraph("topic").Node("h", "human-input", Form("Is **{{#s.topic#}}** good? {{#$output.why#}} {{#$output.kind#}}", null, withSelect: true))
        .End("e", "r", "h", "__rendered_content").End("t", "late", "h", "__action_id").Path("s", "h").Edge("h", "e", "yes").Edge("h", "t", "__timeout");

    private static JsonObject Form(string content, string? iteration, bool withSelect)
    {
        var data = JsonNode.Parse("""
            {"delivery_methods": [{"id": "w", "type": "webapp", "enabled": true}],
             "inputs": [{"type": "text_input", "output_variable_name": "why", "default": {"type": "variable", "selector": ["s", "topic"]}}],
             "user_actions": [{"id": "yes", "title": "Yes!", "button_style": "primary"}, {"id": "no", "title": "No", "button_style": "default"}],
             "timeout": 3, "timeout_unit": "day"}
            """)!.AsObject();
        data["form_content"] = content;
        if (withSelect)
        {
            data["inputs"]!.AsArray().Add(JsonNode.Parse(
                """{"type": "select", "output_variable_name": "kind", "option_source": {"type": "constant", "selector": [], "value": ["green", "black"]}}"""));
        }

        if (iteration is not null)
        {
            data["iteration_id"] = iteration;
        }

        return data;
    }

    private static JsonObject Good(string why = "x") => new() { ["why"] = why, ["kind"] = "green" };
}
