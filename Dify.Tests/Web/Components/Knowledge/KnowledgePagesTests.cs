using Bunit;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Web.Components.Pages.Knowledge;
using Dify.Web.Components.Pages.Knowledge.Ingest;
using Dify.Web.Components.Pages.Knowledge.Search;
using Dify.Web.Components.Shared.ModelChoice;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Knowledge;

public sealed class KnowledgePagesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_base_the_list_explains_what_one_is_for()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var page = fixture.Render<KnowledgeListPage>();
        page.WaitForAssertion(() => Assert.Contains("No knowledge yet", page.Markup));
        Assert.Equal("/datasets/create", page.Find("a[href='/datasets/create']").GetAttribute("href"));
    }

    [Fact]
    public async Task A_base_is_a_card_and_is_deleted_only_after_its_name_is_typed()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, _, _) = await fixture.SeedAsync();
        var page = fixture.Render<KnowledgeListPage>();
        page.WaitForAssertion(() => Assert.Contains("1 document ·", page.Markup));

        var deleting = page.InvokeAsync(() => page.FindComponent<KnowledgeCard>().Instance.OnDelete.InvokeAsync());
        fixture.Dialogs.WaitForElement("input");
        var confirm = fixture.Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Delete");
        Assert.True(confirm.HasAttribute("disabled"));
        await fixture.Dialogs.Find("input").InputAsync(new() { Value = made.Name });
        await fixture.Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Delete").ClickAsync(new());
        await deleting;

        Assert.Equal(0, (await fixture.Get<KnowledgeService>().ListAsync(fixture.Owner, cancellationToken: Cancelled)).Total);
        page.WaitForAssertion(() => Assert.Contains("No knowledge yet", page.Markup));
    }

    [Fact]
    public async Task An_unknown_base_says_so_in_the_pages_place()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var page = fixture.Render<DocumentListPage>(p => p.Add(x => x.Id, Guid.CreateVersion7()));
        page.WaitForAssertion(() => Assert.Contains("This knowledge base is not here", page.Markup));
    }

    [Fact]
    public async Task A_failed_document_says_why_in_its_row()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, document, _) = await fixture.SeedAsync();
        await fixture.Seed.ChangeAsync(
            document, d => (d.IndexingStatus, d.Error) = (IndexingStatus.Error, "There is no text in the file."));
        var page = fixture.Render<DocumentListPage>(p => p.Add(x => x.Id, made.Id));
        page.WaitForAssertion(() => Assert.Equal("There is no text in the file.", page.Find("td.name .reason").TextContent));
        Assert.Equal($"Retry {document.Name}", page.Find(".retry").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task The_last_page_that_was_emptied_gives_way_to_the_one_before()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, _, _) = await fixture.SeedAsync();
        var last = new List<Document>();
        for (var i = 0; i < 10; i++)
        {
            last.Add((await fixture.Seed.DocumentAsync(made, $"Text {i}")).Document);
        }

        var page = fixture.Render<DocumentListPage>(p => p.Add(x => x.Id, made.Id));
        page.WaitForAssertion(() => Assert.Contains("1 / 2", page.Markup));
        await page.Find("button[aria-label='Next page']").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("2 / 2", page.Markup));
        var only = page.FindComponent<DocumentRow>().Instance.Document;
        await fixture.Get<DocumentService>().DeleteAsync(fixture.Owner, made.Id, [only.Id], Cancelled);
        await page.Find("select[aria-label='State']").ChangeAsync(new() { Value = "" });
        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll("tbody tr").Count));
    }

    [Fact]
    public async Task Cutting_is_automatic_until_rules_of_ones_own_are_asked_for()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        ProcessRule? changed = null;
        var settings = fixture.Render<ChunkSettings>(p => p
            .Add(x => x.Rule, new ProcessRule()).Add(x => x.RuleChanged, rule => changed = rule));
        Assert.Empty(settings.FindAll("input[type=text], input[type=number]"));
        await settings.Find("input[value=custom]").ChangeAsync(new() { Value = "custom" });
        Assert.Equal("custom", changed!.Mode);
        settings = fixture.Render<ChunkSettings>(p => p
            .Add(x => x.Rule, changed with { MaxLength = 300 }).Add(x => x.RuleChanged, rule => changed = rule));
        Assert.NotEmpty(settings.FindAll("input[type=text], input[type=number]"));
        await settings.Find("input[value=automatic]").ChangeAsync(new() { Value = "automatic" });
        Assert.Equal(new ProcessRule(), changed);
    }

    [Fact]
    public async Task Documents_show_their_state_and_a_selection_can_be_disabled()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, document, _) = await fixture.SeedAsync();
        var page = fixture.Render<DocumentListPage>(p => p.Add(x => x.Id, made.Id));
        page.WaitForAssertion(() => Assert.Contains("Available", page.Find("tbody").TextContent));

        await page.Find("tbody input[type=checkbox]").ChangeAsync(new() { Value = true });
        await page.FindAll("[role=toolbar] button").Single(button => button.TextContent.Contains("Disable", StringComparison.Ordinal)).ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("Disabled", page.Find("tbody").TextContent));
        Assert.False((await fixture.Get<DocumentService>().GetAsync(fixture.Owner, made.Id, document.Id, Cancelled)).Enabled);
    }

    [Fact]
    public async Task A_failed_document_tells_why_and_offers_another_try()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, document, _) = await fixture.SeedAsync();
        await fixture.Seed.ChangeAsync(document, d => (d.IndexingStatus, d.Error) = (IndexingStatus.Error, "The file is protected by a password."));
        var page = fixture.Render<DocumentPage>(p => p.Add(x => x.Id, made.Id).Add(x => x.DocumentId, document.Id));
        page.WaitForAssertion(() => Assert.Contains("protected by a password", page.Find("[role=alert]").TextContent));

        await page.FindAll("[role=alert] button").Single().ClickAsync(new());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=alert]")));
        Assert.NotEqual(IndexingStatus.Error, (await fixture.Get<DocumentService>().GetAsync(fixture.Owner, made.Id, document.Id, Cancelled)).IndexingStatus);
    }

    [Fact]
    public async Task A_chunk_is_edited_in_the_drawer_and_marked()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, document, segments) = await fixture.SeedAsync();
        var page = fixture.Render<DocumentPage>(p => p.Add(x => x.Id, made.Id).Add(x => x.DocumentId, document.Id));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("article").Count));

        await page.Find("[aria-label='Edit chunk 1']").ClickAsync(new());
        Assert.Contains("29 characters", page.Find("[role=dialog]").TextContent);
        await page.Find("textarea").InputAsync(new() { Value = "The warranty lasts three years." });
        await page.FindAll("[role=dialog] button").Single(button => button.TextContent.Trim() == "Save").ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("three years", page.Markup));
        Assert.Empty(page.FindAll("[role=dialog]"));
        Assert.Contains("Edited", page.Find("article").TextContent);
        Assert.Equal("The warranty lasts three years.",
            (await fixture.Get<SegmentService>().GetAsync(fixture.Owner, made.Id, document.Id, segments[0].Id, Cancelled)).Content);
    }

    [Fact]
    public async Task A_retrieval_test_shows_passages_with_scores_and_keeps_a_record()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, _, _) = await fixture.SeedAsync();
        var page = fixture.Render<HitTestingPage>(p => p.Add(x => x.Id, made.Id));
        page.WaitForAssertion(() => Assert.Contains("No questions yet", page.Markup));

        await page.Find("#question").InputAsync(new() { Value = "How long is the warranty?" });
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Contains("two years", page.Find("article").TextContent));
        Assert.Equal("1", page.Find("meter").GetAttribute("value"));
        page.WaitForAssertion(() => Assert.Contains("How long is the warranty?", page.Find(".records table").TextContent));

        await page.Find("#question").InputAsync(new() { Value = "zebra" });
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("Nothing found", page.Markup));
    }

    [Fact]
    public async Task Settings_are_saved_and_never_lead_back_to_economy()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var (made, _, _) = await fixture.SeedAsync();
        var page = fixture.Render<KnowledgeSettingsPage>(p => p.Add(x => x.Id, made.Id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#knowledge-name")));
        Assert.True(page.FindAll("input[name=technique]")[1].HasAttribute("disabled"));

        await page.Find("#knowledge-name").InputAsync(new() { Value = "Warranties" });
        await page.FindAll("input[name=permission]")[0].ChangeAsync(new() { Value = "on" });
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Contains("Warranties", page.Find("aside strong").TextContent));
        var stored = (await fixture.Get<KnowledgeService>().GetAsync(fixture.Owner, made.Id, Cancelled)).KnowledgeBase;
        Assert.Equal(("Warranties", KnowledgePermission.OnlyMe), (stored.Name, stored.Permission));
    }

    [Fact]
    public async Task The_retrieval_form_offers_weights_for_hybrid_search_only()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var settings = new RetrievalSettings { SearchMethod = SearchMethod.HybridSearch };
        var form = fixture.Render<RetrievalForm>(p => p.Add(x => x.Value, settings).Add(x => x.ValueChanged, value => settings = value));
        Assert.Contains("Semantic 0.7", form.Markup);
        await form.FindAll("input[type=range]")[0].ChangeAsync(new() { Value = "0.2" });
        Assert.Equal(0.2, settings.VectorWeight, 3);
        await form.FindAll("input[type=range]")[1].ChangeAsync(new() { Value = "99" });
        Assert.Equal(10, settings.TopK);

        form.Render(p => p.Add(x => x.Value, settings with { SearchMethod = SearchMethod.FullTextSearch }));
        Assert.DoesNotContain("Semantic", form.Markup);
        form.Render(p => p.Add(x => x.Technique, IndexingTechnique.Economy));
        Assert.Empty(form.FindAll("input[type=radio]"));
    }

    [Fact]
    public async Task A_rerank_model_is_switched_on_with_the_default_one_and_off_again()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var settings = new RetrievalSettings();
        var form = fixture.Render<RetrievalForm>(p => p.Add(x => x.Value, settings).Add(x => x.ValueChanged, value => settings = value));
        Assert.Empty(form.FindComponents<ModelPicker>());
        var choice = form.FindComponent<RerankChoice>();
        await choice.Find("input[type=checkbox]").ChangeAsync(new() { Value = true });
        Assert.Equal(BuiltinModels.Overlap, settings.RerankModel);

        form.Render(p => p.Add(x => x.Value, settings));
        form.WaitForAssertion(() => Assert.Contains("Overlap", form.FindComponent<ModelPicker>().Markup));
        await choice.Find("input[type=checkbox]").ChangeAsync(new() { Value = false });
        Assert.Null(settings.RerankModel);
    }

    [Fact]
    public async Task The_wizard_begins_with_files_and_goes_on_once_one_is_stored()
    {
        await using var fixture = await KnowledgeFixture.CreateAsync();
        var wizard = fixture.Render<IngestWizard>();
        var next = () => wizard.FindAll("button").Single(button => button.TextContent.Trim() == "Next");
        Assert.True(next().HasAttribute("disabled"));

        var step = wizard.FindComponent<SourceStep>();
        var keys = await wizard.InvokeAsync(() => step.Instance.OffersAsync([new("a.exe", 5), new("b.txt", 5)]));
        Assert.Null(keys[0]);
        Assert.Contains("This kind of file cannot be read.", wizard.Markup);
        Assert.True(next().HasAttribute("disabled"));
        await wizard.InvokeAsync(() => step.Instance.FailedAsync(keys[1]!, "file_too_large", "too large"));
        Assert.True(next().HasAttribute("disabled"));

        keys = await wizard.InvokeAsync(() => step.Instance.OffersAsync([new("c.txt", 5)]));
        await wizard.InvokeAsync(() => step.Instance.StoredAsync(keys[0]!, Guid.CreateVersion7()));
        Assert.False(next().HasAttribute("disabled"));
    }
}
