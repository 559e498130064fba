using Dify.Core.Chat;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The documents that an answer drew on, each a chip that opens its passages.</summary>
public sealed partial class CitationList : ComponentBase
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<Citation> Citations { get; set; }

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    private IEnumerable<IGrouping<Guid, Citation>> Documents =>
        Citations.OrderBy(c => c.Position).GroupBy(c => c.DocumentId);

    private Task<IDialogReference> OpenAsync(int position)
    {
        var parameters = new DialogParameters<CitationDialog>
        {
            { d => d.Citations, Citations.OrderBy(c => c.Position).ToList() },
            { d => d.Position, position },
        };
        return Dialogs.ShowAsync<CitationDialog>(null, parameters, new DialogOptions
        {
            MaxWidth = MaxWidth.Small,
            FullWidth = true,
            CloseButton = true,
            CloseOnEscapeKey = true,
        });
    }
}
