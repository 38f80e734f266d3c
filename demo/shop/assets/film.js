/** The little film: plays once a click, and tells the tracker so as an event with a name. */

const film = document.querySelector('[data-film]');

film.querySelector('[data-play]').addEventListener('click', () => {
  film.classList.add('playing');
  window.tracker.track('film_played', { film: 'wheel', seconds: 12 });
});
film.querySelector('.pot').addEventListener('transitionend', () => film.classList.remove('playing'));
